"""The page /pocket on a phone: kept whole, there without a server, and changed for a newer one only when she says so."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import PHONE, new_page, register
from tests.installation import Installation, install
from tests.journeys.test_access import AXE, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) found[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
  return found;
}"""
VERSION = "document.documentElement.dataset.version"
NEWER = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/");
  await registration.update();
  const worker = registration.installing;
  if (worker) await new Promise((done) => worker.addEventListener("statechange", () => worker.state !== "installing" && done()));
  return Boolean(registration.waiting);
}"""
WORDS = "async (version) => (await fetch(`/pocket/words.es.html?v=${version}`)).text()"
USE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/");
  const changed = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  registration.waiting.postMessage({ vereda: "use" });
  await changed;
}"""


@dataclass(frozen=True)
class Phone:
    """A browser that has been to /pocket once, and what it was asked for."""

    context: BrowserContext
    page: Page
    errors: list[str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return install(tmp_path_factory.mktemp("shell"))


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    context = browser.new_context(viewport=PHONE, locale="es-GT")
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Phone(context, page, errors)


def controlled(page: Page) -> str:
    """The version of the page, once the worker has it."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return str(page.evaluate(VERSION))


def gone(place: Installation) -> None:
    """Returns when nothing answers any more."""
    until = time.monotonic() + 10
    while place.is_up():
        assert time.monotonic() < until
        time.sleep(0.05)


def shells(page: Page) -> list[str]:
    kept: dict[str, Any] = page.evaluate(KEPT)
    return [name for name in kept if name.startswith("pocket shell ")]


def test_once_kept_it_opens_with_the_server_dead(place: Installation, phone: Phone) -> None:
    page = phone.page
    with place.serving():
        register(page, place.url, "ana", "Ana Lucía")
        page.goto(f"{place.url}/pocket")
        version = controlled(page)
        for path in ("/", "/courses/demo-course", "/courses/demo-course/m-uno", "/me/learning", "/notes"):
            page.goto(place.url + path)
        page.goto(f"{place.url}/pocket")
        kept = page.evaluate(KEPT)
    assert list(kept) == [f"pocket shell {version}"]
    allowed = (
        "/pocket",
        "/pocket/words.",
        "/pocket/exit.",
        "/pocket/countries.",
        "/pocket/manifest.webmanifest",
        "/s/",
    )
    assert all(path.startswith(allowed) for path in kept[f"pocket shell {version}"])
    assert not [path for path in kept[f"pocket shell {version}"] if "/courses" in path]
    gone(place)
    another = phone.context.new_page()
    another.goto(f"{place.url}/pocket")
    assert controlled(another) == version
    another.wait_for_selector("#pocket-view h1")  # no longer what stands there before the scripts have filled it
    assert phone.errors == []


def test_without_a_server_every_other_address_leads_there(place: Installation, phone: Phone) -> None:
    page = phone.page
    with place.serving():
        page.goto(f"{place.url}/pocket")
        version = controlled(page)
    gone(place)
    for path in ("/", "/courses/demo-course/m-uno", "/me/learning?x=1", "/admin/people/0190"):
        page.goto(place.url + path)
        assert page.evaluate("location.pathname") == "/pocket", path
        assert page.evaluate(VERSION) == version
    page.goto(f"{place.url}/exit")
    assert page.inner_text("h1") == "Tabla de medidas"
    assert "pocket" not in page.content()
    page.goto(f"{place.url}/your-country?country=GT")
    assert page.inner_text("h1") == "En su país"
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{place.url}/logout")
    assert phone.errors == []


def test_a_newer_one_waits_until_she_wants_it_and_nothing_mixes(
    place: Installation, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = phone.page, phone.context.new_page()
    with place.serving():
        first.goto(f"{place.url}/pocket")
        old = controlled(first)
        second.goto(f"{place.url}/pocket")
        assert controlled(second) == old
        words = first.evaluate(WORDS, old)
    monkeypatch.setenv("LMS_LANGUAGES", "en,es")
    with place.serving():
        assert first.evaluate(NEWER)
        assert sorted(shells(first)) == sorted({*shells(first), f"pocket shell {old}"})
        assert len(shells(first)) == 2
        second.reload()
        assert controlled(second) == old  # a reload is no wish
        second.evaluate(USE)
        second.reload()
        new = controlled(second)
        assert new != old
        # The other page goes on as what it was, even without its server, with all that is its own.
        assert first.evaluate(VERSION) == old
        assert first.evaluate(WORDS, old) == words
        assert set(shells(first)) == {f"pocket shell {old}", f"pocket shell {new}"}
    assert first.evaluate(WORDS, old) == words
    first.close()
    for _ in range(20):  # the old one goes when the page is opened next, once the browser has let go of the other
        second.reload()
        assert controlled(second) == new
        if len(shells(second)) == 1:
            break
        second.wait_for_timeout(200)
    assert shells(second) == [f"pocket shell {new}"]
    assert phone.errors == []


def test_what_is_not_of_the_version_is_not_kept(
    place: Installation, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the newer worker is fetching, a server gives something else: the version there was stays in use."""
    page = phone.page
    with place.serving():
        page.goto(f"{place.url}/pocket")
        version = controlled(page)
        other = page.evaluate(
            """async () => {
              const script = await (await fetch("/pocket/worker.js")).text();
              const kept = JSON.parse(/^const KEPT = (.*);$/m.exec(script)[1]);
              kept["/pocket/manifest.webmanifest"] = "0".repeat(64);
              return script.replace(/^const KEPT = .*;$/m, `const KEPT = ${JSON.stringify(kept)};`).replace(/const VERSION = "[^"]*"/, 'const VERSION = "f00"');
            }"""
        )
        phone.context.route(
            "**/pocket/worker.js", lambda route: route.fulfill(body=other, content_type="text/javascript")
        )
        assert not page.evaluate(NEWER)
        page.reload()
        assert controlled(page) == version


def test_media_are_given_from_what_was_taken_along_in_stretches_too(place: Installation, phone: Phone) -> None:
    page = phone.page
    with place.serving():
        page.goto(f"{place.url}/pocket")
        controlled(page)
    gone(place)
    told = page.evaluate(
        """async () => {
          const path = `/media/${"a".repeat(64)}`;
          await (await caches.open("pocket media")).put(path, new Response("0123456789", { headers: { "Content-Type": "audio/mpeg" } }));
          const ask = async (range) => {
            const answer = await fetch(path, range ? { headers: { Range: range } } : {});
            return [answer.status, await answer.text(), answer.headers.get("Content-Range"), answer.headers.get("Content-Type")];
          };
          const lost = await fetch(`/media/${"b".repeat(64)}`).catch(() => "lost");
          return [await ask(""), await ask("bytes=2-4"), await ask("bytes=7-"), await ask("bytes=-2"), await ask("bytes=10-"), lost];
        }"""
    )
    assert told == [
        [200, "0123456789", None, "audio/mpeg"],
        [206, "234", "bytes 2-4/10", "audio/mpeg"],
        [206, "789", "bytes 7-9/10", "audio/mpeg"],
        [206, "89", "bytes 8-9/10", "audio/mpeg"],
        [416, "", "bytes */10", None],
        "lost",
    ]


def test_it_may_be_put_on_the_home_screen(place: Installation, browser: Browser) -> None:
    with place.serving():
        page = new_page(browser)
        page.goto(f"{place.url}/pocket")
        controlled(page)
        session = page.context.new_cdp_session(page)
        assert session.send("Page.getAppManifest")["errors"] == []
        assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
            [],
            [{"errorId": "in-incognito", "errorArguments": []}],
        )


@pytest.mark.parametrize("look", ["light", "dark"])
def test_its_pages_can_be_used_by_everybody(place: Installation, browser: Browser, look: Any) -> None:
    page = new_page(browser, color_scheme=look, viewport={"width": 320, "height": 640})
    page.add_init_script(path=AXE)
    with place.serving():
        register(page, place.url, f"eva-{look}", "Eva")
        for path in ("/pocket/why", "/pocket/countries.es.html", "/courses/demo-course", "/pocket"):
            page.goto(place.url + path)
            if path == "/pocket":
                page.wait_for_selector("#pocket-view h1")
            assert looked_at(page) == [], path
