// A row marked data-bw-row follows its first link, wherever it is clicked; selecting text and controls keep working.
export function startRows() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-bw-row]");
    if (!row || event.defaultPrevented || event.target.closest("a, button, input, select, label, summary")) return;
    if (String(window.getSelection())) return;
    const link = row.querySelector("a[href]");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });
}
