// Moving through a table of fields with the arrow keys, and pasting cells from a spreadsheet. Without this the table is
// an ordinary form: the Tab key walks over the fields.

const FIELDS = "input:not([type=hidden]), select";

function spot(field) {
  const cell = field.closest("td");
  return cell && { row: cell.parentElement, column: cell.cellIndex };
}

/** The field in the same column of the nearest row above or below that has one there. */
function beside(field, step) {
  const from = spot(field);
  if (!from) return null;
  for (
    let row = step > 0 ? from.row.nextElementSibling : from.row.previousElementSibling;
    row;
    row = step > 0 ? row.nextElementSibling : row.previousElementSibling
  ) {
    const found = row.cells[from.column]?.querySelector(FIELDS);
    if (found) return found;
  }
  return null;
}

/** Put a pasted text in a field; a list takes only one of its own choices. */
function put(field, text) {
  if (field.tagName === "SELECT") {
    const fitting = [...field.options].find((option) => option.value.toLowerCase() === text.toLowerCase());
    if (!fitting) return;
    field.value = fitting.value;
  } else {
    field.value = text;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

for (const table of document.querySelectorAll("[data-bw-sheet]")) {
  table.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // In a list the arrows choose, unless Ctrl is held; Alt opens it.
    if (!step || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target.tagName === "SELECT" && !event.ctrlKey) return;
    if (event.target.hasAttribute("list") && !event.ctrlKey) return;
    const next = beside(event.target, step);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select?.();
  });

  table.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const from = spot(event.target);
    if (!from || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    let row = from.row;
    for (const line of text.replace(/\r?\n$/, "").split(/\r?\n/)) {
      if (!row) break;
      line.split("\t").forEach((cell, offset) => {
        const field = row.cells[from.column + offset]?.querySelector(FIELDS);
        if (field && field.type !== "checkbox") put(field, cell.trim());
      });
      row = row.nextElementSibling;
    }
  });
}
