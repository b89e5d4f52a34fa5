// On a phone the parts of a long page that do not decide fold to their heading. Without this the page is only longer.
const NARROW = "(width <= 40rem)";
const ASKS = '[aria-invalid="true"], .bw-confirm[open]';

export function startFolding() {
  if (matchMedia(NARROW).matches) {
    for (const part of document.querySelectorAll("[data-bw-fold], [data-bw-folds] > .bw-panel")) fold(part);
  }
  ask(named());
  window.addEventListener("hashchange", () => {
    unfold(named());
    ask(named());
  });
}

/** A link to a form that is behind a button opens it, on every width. */
function ask(target) {
  if (!target?.matches("details.bw-confirm")) return;
  target.open = true;
  target.scrollIntoView();
}

function fold(part) {
  const heading = part.querySelector(":scope > h2");
  if (!heading) return;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const rest = document.createElement("div");
  details.className = "bw-folded";
  rest.className = "bw-stack";
  rest.append(...[...part.childNodes].filter((node) => node !== heading));
  summary.append(heading);
  details.append(summary, rest);
  part.append(details);
  // What asks for the reader stays open: a form that was sent back, the part that the address names.
  details.open = part.dataset.bwFold === "open" || rest.querySelector(ASKS) !== null || part.contains(named());
}

function named() {
  return location.hash ? document.getElementById(location.hash.slice(1)) : null;
}

function unfold(target) {
  const within = ":scope > details.bw-folded, :scope > .bw-panel > details.bw-folded";
  const details = target?.closest("details.bw-folded") ?? target?.querySelector(within);
  if (!details) return;
  details.open = true;
  target.scrollIntoView();
}
