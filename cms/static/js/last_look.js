// The last look before payment answers a form, so a browser that comes back to it would ask to send that form
// again. Whoever comes back from the payment page finds their details instead, as the order has them.
const form = document.querySelector("[data-return-to]");

form?.addEventListener("submit", ({ submitter }) => {
  if (submitter?.name === "reviewed") history.replaceState(null, "", form.dataset.returnTo);
});
