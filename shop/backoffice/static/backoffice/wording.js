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
  mark(mail.errors ?? {});
  fault.hidden = response.ok;
  document.getElementById("preview-mail").hidden = !response.ok;
  if (!response.ok) return;
  document.getElementById("preview-subject").textContent = mail.subject;
  document.getElementById("preview-html").srcdoc = mail.html;
  document.getElementById("preview-text").textContent = mail.text;
}

// Says beside each field what is wrong with it, and takes that back once it is right.
function mark(errors) {
  for (const part of form.querySelectorAll("[data-contentpath]")) {
    const name = part.dataset.contentpath;
    const words = (errors[name] ?? []).join(" ");
    const place = part.querySelector("[data-field-errors]");
    place.id = `id_${name}-errors`;
    part.classList.toggle("w-field--error", words !== "");
    describe(form.elements[name], place.id, words !== "");
    if (place.textContent.trim() === words) continue;
    place.replaceChildren();
    if (!words) continue;
    place.append(document.getElementById("field-fault").content.cloneNode(true));
    place.querySelector("p").textContent = words;
  }
}

function describe(input, id, isWrong) {
  const described = new Set((input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (isWrong) described.add(id);
  else described.delete(id);
  input.setAttribute("aria-describedby", [...described].join(" "));
  input.setAttribute("aria-invalid", isWrong);
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
