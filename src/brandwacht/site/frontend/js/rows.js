// Tables. A row marked data-bw-row follows its first link, wherever it is clicked; selecting text and controls keep working.
export function startRows() {
  // A table wider than its place scrolls, so the keyboard must be able to reach it.
  const watcher = new ResizeObserver((entries) => {
    for (const { target: box } of entries) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".bw-table")) watcher.observe(box);
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
