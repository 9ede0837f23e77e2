// Where she has come to is told to the store.
const body = document.querySelector("[data-place]");
if (body) {
  const { place, csrf, release, language } = body.dataset;
  const tell = async (section) => {
    const { status } = await fetch(place, { method: "POST", body: new URLSearchParams({ csrf, release, language, section }), credentials: "same-origin", keepalive: true });
    return status === 200 ? 0 : status; // 204 is ours: a network in between would say something else
  };
  window.vereda.follow(body, (section) => tell(section).catch(() => window.vereda.later("place", () => tell(section))));
}
