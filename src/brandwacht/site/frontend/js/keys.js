// Keys for the queue and the alert. An element marked data-bw-key="b" answers to that key: its button or link is pressed,
// a folded form is opened and its first field takes focus. In a table marked data-bw-queue j and k walk over the lines, and
// a key belongs to the line that has the focus; what the line does not offer is done on the alert itself.
// Keys do nothing in a field, with Ctrl, Alt or Meta, or when somebody switched them off (WCAG 2.1.4).
import { announce } from "./live.js";

const SWITCH = "bw-keys-off";
const PLACES = { t: "/toewijzen", s: "#sluiten", n: "#notitie", i: "#incident", d: "/overdragen" };
const TYPING = "input, select, textarea, [contenteditable]";

function off() {
  try {
    return localStorage.getItem(SWITCH) === "1";
  } catch {
    return false; // storage may be shut; then the keys are on, as the dialog says
  }
}

function unfold(fold) {
  fold.open = true;
  fold.querySelector("select, textarea, input:not([type=hidden])")?.focus();
}

/** Press what an element offers: a folded form, a button or a link. */
function press(element) {
  const fold = element.matches("details") ? element : element.querySelector("details");
  if (fold) return unfold(fold);
  (element.matches("a, button") ? element : element.querySelector("button, a[href]"))?.click();
}

function lines(table) {
  return [...table.querySelectorAll("tbody tr")];
}

function walk(table, step) {
  const all = lines(table);
  const here = all.indexOf(document.activeElement?.closest("tr"));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
  const line = all[next];
  if (!line) return announce(step > 0 ? table.dataset.bwLast : table.dataset.bwFirst);
  line.querySelector("th a[href], a[href]")?.focus();
  line.scrollIntoView({ block: "nearest" });
}

function inQueue(table, key) {
  const line = document.activeElement?.closest("tr");
  if (!line || !table.contains(line)) return false;
  const element = line.querySelector(`[data-bw-key="${key}"]`);
  if (element) {
    press(element);
    return true;
  }
  const link = line.querySelector("th a[href]");
  if (!link || !PLACES[key]) return false;
  window.location.assign(link.href + PLACES[key]);
  return true;
}

function help(open) {
  const dialog = document.getElementById("toetsen");
  if (!dialog) return;
  if (open && !dialog.open) dialog.showModal();
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (off()) return;
  const table = document.querySelector("[data-bw-queue]");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?") {
    event.preventDefault();
    return help(true);
  }
  if (table && (key === "j" || key === "k")) {
    event.preventDefault();
    return walk(table, key === "j" ? 1 : -1);
  }
  // The arrows scroll the page, unless somebody is already walking over the lines.
  if (table && (key === "ArrowDown" || key === "ArrowUp") && document.activeElement?.closest("[data-bw-queue] tr")) {
    event.preventDefault();
    return walk(table, key === "ArrowDown" ? 1 : -1);
  }
  if (!/^[a-z]$/.test(key)) return;
  if (table) {
    if (inQueue(table, key)) event.preventDefault();
    return;
  }
  const element = document.querySelector(`[data-bw-key="${key}"]`);
  if (!element) return;
  event.preventDefault();
  press(element);
}

/** After a key did something the page is new: the focus goes to what it says about that, not to nothing. */
function toMessage() {
  const told = document.querySelector(".bw-notices");
  if (!told) return;
  told.tabIndex = -1;
  told.focus();
}

function arrive() {
  const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  if (!target) return toMessage();
  if (target.matches("details.bw-confirm")) unfold(target);
  else if (target.matches("[data-bw-queue] tr")) target.querySelector("th a[href]")?.focus();
}

export function startKeys() {
  const opener = document.querySelector("[data-bw-keys-open]");
  if (!opener) return;
  opener.hidden = false;
  opener.addEventListener("click", () => help(true));
  const toggle = document.querySelector("[data-bw-keys-switch]");
  const label = () => (toggle.textContent = off() ? toggle.dataset.on : toggle.dataset.off);
  if (toggle) {
    label();
    toggle.addEventListener("click", () => {
      localStorage.setItem(SWITCH, off() ? "0" : "1");
      label();
    });
  }
  document.addEventListener("keydown", onKey);
  arrive();
  // A browser that gets to the line in the address only after the script ran takes the focus away again.
  window.addEventListener("load", () => setTimeout(() => document.activeElement === document.body && arrive()));
}
