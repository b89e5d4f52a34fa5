// Everything the ordinary pages need. Each module binds once to the document, so that parts htmx swaps in work too.
import htmx from "htmx.org/dist/htmx.esm.js";
import { startDisclosures } from "./disclosure.js";
import { startFolding } from "./fold.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startRows } from "./rows.js";
import { startTime } from "./time.js";
import { startUnsaved } from "./unsaved.js";

// Expressions and injected styles would need a weaker content security policy; the history cache would leave pages of
// one organisation in the browser's storage. The same settings stand in the page's meta element.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
});
window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

function ready() {
  startDisclosures();
  startFolding();
  startLive();
  startKeys();
  startRows();
  startTime();
  startUnsaved();
  document.querySelector("[data-bw-focus]")?.focus();
  for (const button of document.querySelectorAll("[data-bw-print]")) button.hidden = false;
}

// allauth's security key scripts report trouble with this event and show nothing themselves.
document.addEventListener("allauth.error", (event) => {
  const trouble = document.getElementById("sleutel-fout");
  if (!trouble) return;
  event.preventDefault();
  trouble.hidden = false;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-bw-print]")) window.print();
});

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();
