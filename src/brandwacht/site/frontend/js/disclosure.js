// Menus made of <details> work without this; with it they close on Escape and on a click elsewhere.
const OPEN = ".bw-drop[open], .bw-tlp-about[open]";

export function startDisclosures() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(OPEN)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(OPEN)) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });
  // A folded table twin has to be on paper as well, also in browsers that do not print closed details.
  window.addEventListener("beforeprint", () => {
    for (const twin of document.querySelectorAll("details.bw-figure__twin:not([open])")) {
      twin.open = true;
      window.addEventListener("afterprint", () => (twin.open = false), { once: true });
    }
  });
}
