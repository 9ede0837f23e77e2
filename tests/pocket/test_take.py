"""A course is taken once all of it is here, to the last byte; what came before a cut is not fetched again."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.pocket.phone import ANA, BETO, Phone, record, refusal
from tests.pocket.store import Store
from tests.vectors import pocket

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
STRETCH = 256 * 1024
FILM = bytes(range(256)) * 2600  # three stretches
TEXTS = json.loads(pocket.FILE.read_text("utf-8"))["texts"]
TAKE = """async ([who, manifest, media, languages]) => {
  window.told = [];
  const row = await pocket.take.take(who, manifest, { languages, media, told: (done, all) => window.told.push([done, all]) });
  return row && row.taken && row.taken.release;
}"""


def pack(store: Store, release: str = "r1", film: bytes = FILM) -> dict[str, Any]:
    """A manifest, its files at the store."""
    text = {**TEXTS[release], "course": "curso", "language": "es"}
    texts = {}
    for language in ("es", "en"):
        body = json.dumps({**text, "language": language}).encode()
        texts[language] = {"sha256": store.put("/pocket/files/", body), "bytes": len(body), "packed": len(body) // 5}
    media = [
        {"sha256": store.put("/media/", each), "bytes": len(each), "type": kind, "languages": [language]}
        for each, kind, language in (
            (b"<svg/>" * 9, "image/svg+xml", "es"),
            (film, "video/mp4", "es"),
            (b"en", "audio/ogg", "en"),
        )
    ]
    tests: dict[str, Any] = {}
    return {"vereda": "pack 1", "course": "curso", "release": release, "texts": texts, "media": media, "tests": tests}


def take(page: Page, manifest: Any, who: Any = ANA, *, media: bool = True, languages: tuple[str, ...] = ("es",)) -> str:
    """How taking it failed, or ""."""
    return refusal(page, TAKE, [who, manifest, media, list(languages)])


def row(page: Page, who: Any = ANA) -> Any:
    """The course on the phone."""
    return page.evaluate("(who) => pocket.db.one('courses', [who.learner, 'curso'])", who)


def kept(page: Page) -> tuple[set[str], set[str]]:
    """The names of texts and stretches, and of media, on this phone."""
    names, paths = page.evaluate(
        """async () => [
          (await pocket.db.all('shelf')).map(({ name }) => name),
          (await (await caches.open('pocket media')).keys()).map(({ url }) => new URL(url).pathname),
        ]"""
    )
    return set(names), set(paths)


def test_all_of_it_is_here_and_told_as_it_comes(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    manifest = pack(store)
    size = "(manifest) => pocket.take.sizes(manifest, { languages: ['es'], media: true })"
    before = page.evaluate(size, manifest)
    assert before["left"] == before["bytes"] > len(FILM)
    assert take(page, manifest) == ""
    assert page.evaluate(size, manifest) == {"bytes": before["bytes"], "left": 0}
    told = page.evaluate("() => window.told")
    assert told == sorted(told)
    assert told[-1] == [before["bytes"], before["bytes"]]
    film = manifest["media"][1]["sha256"]
    assert page.evaluate("async (path) => (await (await caches.match(path)).blob()).size", f"/media/{film}") == len(
        FILM
    )
    names, paths = kept(page)
    assert names == {manifest["texts"]["es"]["sha256"]}
    assert paths == {f"/media/{each['sha256']}" for each in manifest["media"][:2]}
    assert page.evaluate("async (who) => (await pocket.take.text(who, 'curso', 'es')).language", ANA) == "es"
    assert page.evaluate("async (who) => pocket.take.text(who, 'curso', 'en')", ANA) is None
    assert take(page, manifest, languages=("en",), media=False) == ""
    assert (row(page)["languages"], row(page)["media"]) == (["es", "en"], True)


def test_a_cut_one_is_not_taken_and_goes_on_where_it_was(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    manifest = pack(store)
    film = f"/media/{manifest['media'][1]['sha256']}"
    store.cut = {f"{film}@{2 * STRETCH}"}
    assert take(page, manifest) == "Offline"
    assert row(page)["taken"] is None
    store.cut, store.asked = set(), []
    other = phone.tab()
    assert take(other, manifest) == ""
    assert [each for each in store.asked if each[0].startswith(("/media", "/pocket/files"))] == [
        (film, f"bytes={2 * STRETCH}-{len(FILM) - 1}")
    ]
    assert row(page)["taken"]["release"] == "r1"


def test_what_is_not_what_was_asked_for_is_not_kept(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    manifest = pack(store)
    film = f"/media/{manifest['media'][1]['sha256']}"
    store.files[film] = FILM[:-1] + b"x"
    assert take(page, manifest) == "Changed"
    assert row(page)["taken"] is None
    assert film not in kept(page)[1]
    store.files[film] = FILM
    assert take(page, manifest) == ""
    text = f"/pocket/files/{manifest['texts']['en']['sha256']}"
    store.files[text] = b"<html>the portal"
    assert take(page, manifest, languages=("en",)) == "Changed"
    assert row(page)["languages"] == ["es"]


def test_it_is_said_before_there_is_no_room(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    page.evaluate("() => { navigator.storage.estimate = async () => ({ quota: 700000, usage: 200000 }); }")
    store.asked = []
    assert take(page, pack(store)) == "NoRoom"
    assert store.asked == []
    page.evaluate(
        "() => { delete navigator.storage.estimate; Cache.prototype.put = async () => { throw new DOMException('', 'QuotaExceededError'); }; }"
    )
    assert take(page, pack(store)) == "Full"
    assert row(page)["taken"] is None


def test_she_may_stop_it(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    stopped = "([who, manifest]) => { const stop = new AbortController(); stop.abort(); return pocket.take.take(who, manifest, { languages: ['es'], signal: stop.signal }); }"
    assert refusal(page, stopped, [ANA, pack(store)]).startswith("AbortError")
    assert row(page)["taken"] is None


def test_two_people_share_the_bytes_and_each_has_her_own_course(phone: Phone, store: Store) -> None:
    page = phone.tab()
    manifest = pack(store)
    for who in (ANA, BETO):
        phone.add(page, who)
    assert take(page, manifest, ANA) == ""
    store.asked = []
    assert take(page, manifest, BETO) == ""
    assert store.asked == []
    page.evaluate("(who) => pocket.take.remove(who, 'curso')", ANA)
    assert row(page, ANA) is None
    assert len(kept(page)[1]) == 2
    page.evaluate("(who) => pocket.profile.remove(who)", BETO)
    assert kept(page) == (set(), set())


def test_what_was_evicted_is_seen_and_fetched_again(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    manifest = pack(store)
    take(page, manifest)
    page.evaluate(
        "async (sha) => { await pocket.db.drop('shelf', sha); await caches.delete('pocket media'); }",
        manifest["texts"]["es"]["sha256"],
    )
    other = phone.tab()
    assert other.evaluate("(who) => pocket.take.text(who, 'curso', 'es')", ANA) is None
    assert take(other, manifest) == ""
    assert other.evaluate("async (who) => (await pocket.take.text(who, 'curso', 'es')).release", ANA) == "r1"


def test_a_newer_release_waits_beside_the_older_until_nothing_is_under_way(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    older, newer = pack(store, "r0"), pack(store, "r1")
    for text, manifest in ((TEXTS["r0"], older), (TEXTS["r1"], newer)):
        manifest["title"] = text["release"]
    take(page, older)
    module, question = TEXTS["r0"]["modules"][0], TEXTS["r0"]["modules"][0]["quizzes"][0]["questions"][0]
    answer = right(module["questions"][question])
    record(page, release="r0", item=module["id"])
    record(page, release="r0", type="learner.attempt_submitted", item=question, data={"answers": {question: answer}})
    stand = "async (who) => { const row = await pocket.db.one('courses', [who.learner, 'curso']); const text = await pocket.take.text(who, 'curso', 'es'); const { modules } = await pocket.progress.stand(row, text); return [text.release, modules[0].share, modules[0].missing.includes('end')]; }"
    share = page.evaluate(stand, ANA)
    assert share[0::2] == ["r0", False]
    assert share[1] != "0"
    assert take(page, newer) == ""
    assert row(page)["taken"]["release"] == "r0"
    assert row(page)["newer"]["ready"] is True
    change = "(who) => pocket.switching.change(who, 'curso')"
    draft = {"learner": ANA["learner"], "course": "curso", "item": "q-1"}
    page.evaluate("(draft) => pocket.db.put('drafts', draft)", draft)
    assert page.evaluate("(who) => pocket.switching.underWay(who.learner, 'curso')", ANA) == {
        "draft": True,
        "attempt": False,
    }
    assert page.evaluate(change, ANA) is False
    page.evaluate("(draft) => pocket.db.drop('drafts', [draft.learner, 'curso', 'q-1'])", draft)
    ticket = {
        "learner": ANA["learner"],
        "attempt": "t",
        "course": "curso",
        "module": "m-test",
        "begun": "x",
        "submitted": None,
        "expires": "2999-01-01T00:00:00Z",
    }
    page.evaluate("(ticket) => pocket.db.put('tickets', ticket)", ticket)
    assert page.evaluate(change, ANA) is False
    page.evaluate("(ticket) => pocket.db.put('tickets', { ...ticket, submitted: { n: 1 } })", ticket)
    assert page.evaluate(change, ANA) is True
    assert page.evaluate(change, ANA) is False
    assert row(page)["taken"]["release"] == "r1"
    assert older["texts"]["es"]["sha256"] not in kept(page)[0]
    release, now, missing = page.evaluate(stand, ANA)
    assert (release, missing) == ("r1", False)
    assert now != "0"


def right(question: Any) -> Any:
    """An answer to a question of a pack that earns something."""
    if question["kind"] in ("single", "multiple", "true-false"):
        return [each["key"] for each in question["options"] if each["right"]]
    if question["kind"] == "order":
        return [each["key"] for each in question["items"]]
    if question["kind"] in ("match", "classify"):
        return {each["key"]: each["target"] for each in question["pairs"]}
    if question["kind"] == "blanks":
        return {
            each["key"]: next((one["key"] for one in each["options"] if one["right"]), None) or each["accepted"][0]
            for each in question["gaps"]
        }
    return next(each["text"] for each in question["expected"] if each["right"]).split("..")[0]
