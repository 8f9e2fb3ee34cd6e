// Lets the preview follow the typing and puts placeholders where the cursor is; without it "Preview" does the same.
const PAUSE = 400;

const form = document.getElementById("wording");
const fault = document.getElementById("preview-fault");
let timer;
let latest = 0;
let field = form.elements.before;

async function refresh() {
  const asked = ++latest;
  const response = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form) });
  const mail = await response.json();
  if (asked !== latest) return; // a later answer is on its way
  fault.hidden = response.ok;
  if (!response.ok) return;
  document.getElementById("preview-mail").hidden = false;
  document.getElementById("preview-subject").textContent = mail.subject;
  document.getElementById("preview-html").srcdoc = mail.html;
  document.getElementById("preview-text").textContent = mail.text;
}

function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => refresh().catch(() => {}), PAUSE); // the button is still there
}

form.addEventListener("input", refreshSoon);
form.addEventListener("focusin", (event) => {
  if (event.target.matches("input[type=text], textarea")) field = event.target;
});
for (const button of document.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    refreshSoon();
  });
}
