// What changes says so politely. A server answer announces with the header HX-Trigger: {"bw:announce": "2 nieuwe meldingen"};
// a part that htmx swaps in announces with data-bw-announce="...". A page that got old shows its stale notice.
export function announce(text) {
  const region = document.getElementById("bw-live");
  if (!region || !text) return;
  region.textContent = "";
  // Screen readers only speak a change, so the same sentence twice needs a moment of silence between.
  setTimeout(() => (region.textContent = text), 50);
}

export function startLive() {
  document.addEventListener("bw:announce", (event) => announce(event.detail?.value ?? event.detail));
  document.addEventListener("htmx:afterSwap", (event) => {
    const part = event.target.closest?.("[data-bw-announce]") ?? event.target.querySelector?.("[data-bw-announce]");
    if (part) announce(part.dataset.bwAnnounce);
  });

  const page = document.querySelector("[data-bw-stale-after]");
  const warning = document.getElementById("bw-stale");
  if (!page || !warning) return;
  const end = Date.now() + Number(page.dataset.bwStaleAfter) * 60_000;
  const check = () => {
    if (Date.now() < end || !warning.hidden) return;
    warning.hidden = false;
    announce(warning.textContent.trim());
  };
  setInterval(check, 15_000);
  // A laptop that slept has an old page at once.
  document.addEventListener("visibilitychange", () => document.hidden || check());
}
