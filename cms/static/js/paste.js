// What is pasted into the editors from Word, Excel, LibreOffice and Google arrives as it was meant. The editor knows
// headings of the third level only and no tables: it would make paragraphs of the others and run cells together.
const HEADINGS =
  "h1, h2, h4, h5, h6, [role=heading], p.title, p.subtitle, p.MsoTitle, p.MsoSubtitle, p[class^=MsoHeading]";
// Google wraps all that is copied into a bold that is none; what leads into the pasted document leads nowhere here.
const WRAPPERS = "b[id^=docs-internal-guid], a[href^='#'], a[href^='file:']";
const LIST_MARK = "[style*='mso-list:Ignore'], [style*='mso-list: Ignore']";
const BLOCKS = "p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, br";
const BETWEEN_CELLS = " · ";

const rename = (element, name) => {
  const renamed = element.ownerDocument.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
};

// Each row becomes a line, its cells apart; a cell of several paragraphs stays one cell.
const linesOf = (table) => {
  const page = table.ownerDocument;
  const lines = page.createElement("div");
  if (table.caption) lines.append(rename(table.caption, "p"));
  for (const row of table.rows) {
    const line = page.createElement("p");
    for (const cell of row.cells) {
      for (const part of cell.querySelectorAll("br, p + p, div + div, li + li")) part.before(" ");
      if (!cell.textContent.trim()) continue;
      if (line.hasChildNodes()) line.append(BETWEEN_CELLS);
      for (const block of cell.querySelectorAll(BLOCKS)) block.replaceWith(...block.childNodes);
      line.append(...cell.childNodes);
    }
    if (line.hasChildNodes()) lines.append(line);
  }
  table.replaceWith(...lines.childNodes);
};

// Word writes a list as paragraphs that begin with their mark and name their level; "o" is its second bullet.
const listsOf = (page) => {
  let lists = [];
  let last = null;
  for (const paragraph of page.querySelectorAll("p[style*='mso-list']")) {
    const mark = paragraph.querySelector(LIST_MARK);
    const name = mark && /^\s*(\(?[\p{L}\p{N}.]+[.)]|\p{N}+)\s*$/u.test(mark.textContent) ? "ol" : "ul";
    const level = Number(/mso-list:[^;]*level(\d)/.exec(paragraph.getAttribute("style"))?.[1] ?? 1);
    mark?.remove();
    if (last !== paragraph.previousElementSibling) lists = [];
    lists.length = Math.min(lists.length, level);
    if (lists.length === level && lists[level - 1].localName !== name) lists.length = level - 1;
    const depth = Math.min(level, lists.length + 1);
    if (lists.length < depth) {
      const list = page.createElement(name);
      if (depth > 1) lists[depth - 2].append(list);
      else paragraph.before(list);
      lists.push(list);
    }
    last = lists[0];
    lists[depth - 1].append(rename(paragraph, "li"));
  }
};

const tidy = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const unseen of page.body.querySelectorAll("style, script, title, meta, link, .EOP")) unseen.remove();
  for (const wrapper of page.querySelectorAll(WRAPPERS)) wrapper.replaceWith(...wrapper.childNodes);
  listsOf(page);
  for (const mark of page.querySelectorAll(LIST_MARK)) mark.remove(); // the number of a heading
  for (const heading of page.querySelectorAll(HEADINGS)) rename(heading, "h3");
  for (const paragraph of page.querySelectorAll("li > p:only-of-type")) paragraph.replaceWith(...paragraph.childNodes);
  for (const table of [...page.querySelectorAll("table")].reverse()) linesOf(table); // inner ones first
  return page.body.innerHTML;
};

// A field of one line: a browser would drop the ends of the rows.
const oneLine = (text) => text.trim().replace(/\s*[\t\n]\s*/g, BETWEEN_CELLS);

// Rows and cells of a spreadsheet's plain text, in which a cell with a line break stands in quotes.
const gridOf = (text) => {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/g)) {
    if (quoted === undefined && !plain && !end) break;
    rows.at(-1).push(oneLine((quoted?.replaceAll('""', '"') ?? plain).replace(/\n/g, " ")));
    if (end === "\n") rows.push([]);
  }
  return rows.filter((row) => row.length);
};

const write = (input, value) => {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

// The fields of a table block, the columns' headings first; null where a column is no line of text.
const fieldsOf = (table) =>
  [...table.tHead.rows, ...table.tBodies[0].rows].map((row) =>
    [...row.cells]
      .filter((cell) => !cell.matches(".control-cell, [aria-hidden]"))
      .map((cell) => cell.querySelector("input[type=text]")),
  );

// Fills a table block from the given field on, with new rows and columns where they are needed.
const fill = (table, input, grid) => {
  const top = fieldsOf(table).findIndex((row) => row.includes(input));
  const start = fieldsOf(table)[top].indexOf(input);
  const width = start + Math.max(...grid.map((row) => row.length));
  while (fieldsOf(table)[0].length < width) {
    table.querySelector("[data-append-column]").click();
    table.querySelector(".append-column ~ .add-column-menu button").click();
  }
  while (fieldsOf(table).length < top + grid.length) table.querySelector("[data-add-row]").click();
  const fields = fieldsOf(table);
  if (grid.some((row, down) => row.some((_, right) => !fields[top + down][start + right]))) return false;
  grid.forEach((row, down) => row.forEach((value, right) => write(fields[top + down][start + right], value)));
  return true;
};

// What was copied from an editor of this kind, which takes its own as it is.
const COPIED_HERE = /data-(draftjs-conductor-fragment|offset-key)=/;
let isOurs = false;

const pasteAgain = (target, text, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  clipboardData.setData("text/html", html);
  isOurs = true;
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  isOurs = false;
};

document.addEventListener(
  "paste",
  (event) => {
    if (isOurs) return;
    const { target, clipboardData } = event;
    const text = clipboardData?.getData("text/plain") ?? "";
    const html = clipboardData?.getData("text/html") ?? "";
    if (html && target.closest?.(".Draftail-Editor") && !COPIED_HERE.test(html)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      pasteAgain(target, text, tidy(html));
    } else if (target.matches?.("input[type=text], input:not([type])") && /[\t\n]/.test(text.trim())) {
      event.preventDefault();
      const table = target.closest(".typed-table-block table");
      if (table && fill(table, target, gridOf(text.replaceAll("\r\n", "\n")))) return;
      target.setRangeText(oneLine(text), target.selectionStart, target.selectionEnd, "end");
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
  },
  true,
);
