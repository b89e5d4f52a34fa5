// A form marked data-bw-guard asks before its typed text is lost. Nothing is kept in the browser: drafts of an incident
// do not belong in its storage.
const changed = new Set();

export function startUnsaved() {
  document.addEventListener("input", (event) => {
    const form = event.target.form?.closest("form[data-bw-guard]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => changed.delete(event.target));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) changed.delete(event.target.closest("form"));
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}
