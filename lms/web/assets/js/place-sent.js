// Where she has come to is told to the store.
const body = document.querySelector("[data-place]");
if (body) {
  const { place, csrf, release, language } = body.dataset;
  window.vereda.follow(body, (section) => fetch(place, { method: "POST", body: new URLSearchParams({ csrf, release, language, section }), credentials: "same-origin", keepalive: true }));
}
