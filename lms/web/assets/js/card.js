// The secret of a login card stands after # in its address, where no server gets it: into the form with it, and out of the
// address.
const field = document.querySelector("[data-card]");
const take = () => {
  if (location.hash.length < 17) return;
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("[name=pin]")?.focus();
};
take();
addEventListener("hashchange", take);
