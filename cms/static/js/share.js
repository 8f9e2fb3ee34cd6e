const address = () => document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];

for (const area of document.querySelectorAll("[data-share]")) {
  const device = area.querySelector("[data-share-device]");
  const copy = area.querySelector("[data-share-copy]");
  const done = area.querySelector("[role=status]");

  if (navigator.share) {
    device.hidden = false;
    device.addEventListener("click", () => {
      // Rejects when the reader closes the sheet, which is an answer and no error.
      navigator.share({ title: document.title, url: address() }).catch(() => {});
    });
  }

  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address());
      done.textContent = copy.dataset.done;
    });
  }
}
