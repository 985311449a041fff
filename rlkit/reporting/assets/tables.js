// Tables that sort: a heading becomes a button, and aria-sort says what is the case.
function valueOf(cell, numeric) {
  const text = cell.textContent.trim();
  if (!numeric) return text.toLowerCase();
  const found = text.replaceAll(",", "").match(/-?\d+(\.\d+)?(e[-+]?\d+)?/i);
  return found ? Number(found[0]) : NaN;
}

function sortBy(table, column, heading) {
  const descending = heading.getAttribute("aria-sort") === "ascending";
  const numeric = heading.dataset.sort === "number";
  const sign = descending ? -1 : 1;
  const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row.cells[column], numeric), row]);
  const missing = (value) => (numeric ? Number.isNaN(value) : value === "–");
  rows.sort(([a], [b]) => {
    if (missing(a) || missing(b)) return missing(a) - missing(b); // what has no value stays below, either way
    return sign * (numeric ? a - b : a.localeCompare(b, "en", { numeric: true }));
  });
  for (const other of table.tHead.rows[0].cells) if (other.dataset.sort) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

const buttons = [];
for (const table of document.querySelectorAll("table")) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    if (!heading.dataset.sort || table.tBodies[0].rows.length < 2) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    buttons.push([button, heading]);
    button.addEventListener("click", () => sortBy(table, column, heading));
  });
}

// What is folded would be missing on paper, and buttons where a table goes on with a new page.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("section > details:not([open])")];
  for (const details of unfolded) details.open = true;
  for (const [button, heading] of buttons) heading.replaceChildren(...button.childNodes);
});
addEventListener("afterprint", () => {
  for (const details of unfolded) details.open = false;
  for (const [button, heading] of buttons) {
    button.replaceChildren(...heading.childNodes);
    heading.replaceChildren(button);
  }
});
