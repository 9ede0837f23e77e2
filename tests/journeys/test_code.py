"""A QR code scanned with a phone: verified by the phone, without a server once the page has been there, telling nobody."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page, Route, expect

from lms.certificates import delegation, keys, lists, number, qr
from lms.certificates.credential import Credential
from lms.certificates.keys import Issuer
from lms.certificates.protection import Lock
from lms.i18n import Reader
from lms.services.common.registers import shelf_of
from tests.browser import new_page
from tests.installation import Installation, free_port, install
from tests.journeys.test_access import AXE, LOOKS, looked_at, sayings
from tests.vectors import codes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
TODAY = datetime.now(UTC).date()
NAME = "Ana Lucía Kʼoj Ñuñez"
NEWER = "numbers.json"
"""The hub's next list of numbers, in which the valid code is revoked; the installation does not have it."""
STEP = 9
"""Of the bits of a code every ninth is flipped here; all of them in tests/certificates."""


@dataclass(frozen=True)
class Shown:
    """A code, the outcome that the page must come to, and what it must say."""

    payload: bytes
    outcome: str
    says: tuple[str, ...]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with a hub that has revoked and replaced."""
    return install(tmp_path_factory.mktemp("code"))


@pytest.fixture(scope="module")
def up(place: Installation, shown: dict[str, Shown]) -> Iterator[Installation]:
    """The same, served."""
    with place.serving():
        yield place


@pytest.fixture(scope="module")
def shown(place: Installation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """A code of every kind by a hub under the installation's root, whose list of numbers the installation holds."""
    now, folder = datetime.now(UTC), place.settings.keys
    authority = keys.load_authority(folder, Lock(place.settings.secret))
    key, badge_key = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    request = delegation.read_request(delegation.make_request("H7", key, badge_key))
    certificate, entry = delegation.delegate(authority, request, renews=None, countersigns=False, now=now)
    issuer = Issuer(key, certificate, authority.certificate, badge_key, {})
    assert authority.book
    shelf = shelf_of(place.settings)
    shelf.take(keys.keep_book(folder, authority, (*authority.book.entries, entry), now=now).raw)
    revoked, replaced, new = (number.new(issuer.code) for _ in range(3))
    gone, instead = {revoked: TODAY}, {replaced: (TODAY, new)}
    shelf.take(lists.sign_numbers(entry, key, revoked=gone, replaced=instead, version=1, now=now).raw)
    later = lists.sign_numbers(entry, key, revoked={**gone, new: TODAY}, replaced=instead, version=2, now=now)
    (place.folder / NEWER).write_bytes(later.raw)
    elsewhere = tmp_path_factory.mktemp("stranger")
    keys.create(elsewhere, issuer_code="ZZ", organisation="Another", now=now)
    good = code(issuer, new)
    altered = good.replace(b"Ana", b"Eva")
    day = Reader("es", UTC).date(TODAY)
    return {
        "valid": Shown(good, "valid", (NAME, "Curso de protección 2", day, "1,5", f"· {issuer.code}", new, "hoy")),
        "revoked": Shown(code(issuer, revoked), "revoked", (NAME, f"Se revocó el {day}.")),
        "replaced": Shown(code(issuer, replaced), "replaced", (NAME, day, new)),
        "unknown": Shown(code(keys.load_issuer(elsewhere), new), "unknown", ("Aquí no se conoce a quien lo emitió",)),
        "altered": Shown(altered, "altered", ("se modificó después de firmarlo",)),
        "longer": Shown(good + b"\0", "altered", ("Se agregó algo",)),
        "late": Shown(code(issuer, new, TODAY + timedelta(days=500)), "invalid", ("no estaba en su periodo de uso",)),
    }


def code(issuer: Issuer, number_: str, day: date = TODAY) -> bytes:
    """The code of Ana's certificate with that number."""
    facts = {"title": "Curso de protección 2", "code": "K7Q2", "hours": 1.5, "language": "es", "program": "Vereda"}
    return qr.payload(
        Credential(number=number_, name=NAME, issued_on=day, issuer="Vereda", demonstration=True, **facts),  # type: ignore[arg-type]
        issuer,
    )


def visit(page: Page, place: Installation) -> Page:
    """The page after its first visit."""
    page.goto(f"{place.url}/v")
    page.locator("[data-kept]").wait_for()
    return page


def scan(page: Page, place: Installation, payload: bytes) -> None:
    """What a phone's camera does with the code."""
    page.goto("about:blank")
    page.goto(qr.address(payload, place.url))


def test_visited_once_it_verifies_without_a_server(
    browser: Browser, place: Installation, shown: dict[str, Shown]
) -> None:
    alone = replace(place, port=free_port())  # a server of its own, which ends
    with alone.serving():
        page = visit(new_page(browser), alone)
    until = time.monotonic() + 30
    while alone.is_up() and time.monotonic() < until:
        time.sleep(0.1)
    assert not alone.is_up()
    page.context.set_offline(True)
    for name, each in shown.items():
        scan(page, alone, each.payload)
        answer = page.locator("[data-outcome]")
        answer.wait_for()
        assert answer.get_attribute("data-outcome") == each.outcome, name
        for words in each.says:
            assert words in answer.inner_text(), name
    page.reload()
    expect(page.locator("[data-outcome=invalid]")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "es"


def leaving(page: Page) -> dict[str, str]:
    """The address (as it is sent, without its fragment) of each request from now on that nothing on the device answers:
    Chromium asks for a page's icon again whenever the fragment changes, and finds it."""
    sent: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromServiceWorker"):
            sent.pop(event["requestId"], None)

    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda event: sent.update({event["requestId"]: event["request"]["url"]}))
    wire.on("Network.requestServedFromCache", lambda event: sent.pop(event["requestId"], None))
    wire.on("Network.responseReceived", answered)
    wire.send("Network.enable")
    return sent


def test_no_request_leaves_while_it_verifies(browser: Browser, up: Installation, shown: dict[str, Shown]) -> None:
    digits = str(int.from_bytes(shown["valid"].payload, "big"))
    page = new_page(browser)
    asked = leaving(page)
    page.goto(qr.address(shown["valid"].payload, up.url))
    page.locator("[data-outcome=valid]").wait_for()
    page.locator("[data-kept]").wait_for()
    page.wait_for_load_state("networkidle")
    assert f"{up.url}/v" in asked.values()  # the lists perhaps by its worker, which is not listened to
    assert not [each for each in asked.values() if digits[:12] in each]
    asked.clear()
    for each in shown.values():
        page.fill("#field-code", qr.address(each.payload, "https://another.example.org"))
        page.click("[data-code] button")
        expect(page.locator(f"[data-outcome={each.outcome}] h2")).to_be_focused()
    for each in reversed(shown.values()):  # the first is in the address already
        page.evaluate("digits => { location.hash = digits; }", str(int.from_bytes(each.payload, "big")))
        page.locator(f"[data-outcome={each.outcome}]").wait_for()
    page.fill("#field-code", "hola")
    page.click("[data-code] button")
    page.locator("[data-outcome=no_code]").wait_for()
    page.wait_for_timeout(500)
    assert asked == {}
    log = (up.folder / "serve.log").read_text("utf-8", "replace")
    assert digits[:12] not in log
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert kept(page) == [
        "/s/css/vereda.css",
        "/s/icons/favicon.svg",
        "/s/js/code.js",
        "/v",
        "/v/lists.json",
        "/v/lists.json",
    ]


def kept(page: Page) -> list[str]:
    """The paths that are kept on the device, their digest left out."""
    found: list[str] = page.evaluate("""async () => {
      const found = [];
      for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
      return found;
    }""")
    return sorted("/s/" + path.split("/", 3)[3] if path.startswith("/s/") else path for path in found)


def test_the_number_and_the_file_go_to_the_server_and_the_language_keeps_the_code(
    browser: Browser, up: Installation, shown: dict[str, Shown]
) -> None:
    page = visit(new_page(browser), up)
    scan(page, up, shown["valid"].payload)
    page.locator("[data-outcome=valid]").wait_for()
    page.click("form[action$='/language'] button")
    page.wait_for_url("**/v?lang=en#*")
    expect(page.locator("[data-outcome=valid] h2")).to_have_text("This certificate is genuine")
    page.fill("#field-number", number.new("ZZ"))
    page.click("form[action$='/verify'][method=get] button")
    page.wait_for_url("**/verify?number=*")
    page.goto(f"{up.url}/v")
    file = {"name": "c.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.set_input_files("#field-file", file)
    page.click("form[enctype] button")
    page.locator("text=Este archivo no es un certificado auténtico").wait_for()
    page.goto(f"{up.url}/v")
    page.set_input_files("#field-file", file)
    page.context.set_offline(True)
    page.click("form[enctype] button")
    page.locator("[data-outcome=offline]").wait_for()


def test_where_the_browser_can_not_the_server_is_asked_by_number(
    browser: Browser, up: Installation, shown: dict[str, Shown]
) -> None:
    page = new_page(browser)
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });")
    page.goto(qr.address(shown["valid"].payload, up.url))
    page.locator("[data-outcome=unsupported]").wait_for()
    assert not page.locator("[data-code]").is_visible()
    assert page.input_value("#field-number") == qr.read(shown["valid"].payload).claims.number
    plain = new_page(browser, javascript=False)
    plain.goto(qr.address(shown["valid"].payload, up.url))
    assert plain.locator("[data-plain]").is_visible()
    assert not plain.locator("[data-code]").is_visible()
    plain.fill("#field-number", number.new("ZZ"))
    plain.click("form[action$='/verify'][method=get] button")
    plain.locator("text=Aquí no se emitió").wait_for()


def test_without_lists_nothing_is_said_of_a_code(browser: Browser, up: Installation, shown: dict[str, Shown]) -> None:
    page = new_page(browser, service_workers="block")
    page.route("**/v/lists.json", lambda route: route.fulfill(json={"roots": [], "lists": ["{}"]}))
    page.goto(qr.address(shown["valid"].payload, up.url))
    page.locator("[data-outcome=no_lists]").wait_for()


def test_a_list_once_held_is_never_exchanged_for_an_older_one(
    browser: Browser, up: Installation, shown: dict[str, Shown]
) -> None:
    address = qr.address(shown["valid"].payload, up.url)
    code_number = qr.read(shown["valid"].payload).claims.number
    trust = shelf_of(up.settings).load()
    before = [each.raw.decode() for each in (*trust.keys, *trust.numbers)]
    (numbers,) = (each for each in trust.numbers if each.issuer == qr.read(shown["valid"].payload).kid)
    newer = [*(raw for raw in before if raw != numbers.raw.decode()), (up.folder / NEWER).read_text("utf-8")]
    page = new_page(browser, service_workers="block")
    given = {"lists": newer}

    def answer(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), **given})

    def asked() -> str:
        page.goto("about:blank")
        page.goto(address)
        found = page.locator("[data-outcome]")
        found.wait_for()
        return f"{found.get_attribute('data-outcome')}: {found.inner_text()}"

    older = "El servidor dio una lista más antigua que la que tiene este dispositivo: se usa la más nueva."
    page.route("**/v/lists.json", answer)
    assert "revoked" in asked()
    assert older not in asked()
    for rolled_back in (before, [raw for raw in before if raw != numbers.raw.decode()]):
        given["lists"] = rolled_back
        told = asked()
        assert told.startswith("revoked: ")
        assert older in told
    given["lists"] = ["{}"]
    assert asked().startswith("no_lists")
    given["lists"] = newer
    told = asked()
    assert told.startswith("revoked: ")
    assert older not in told
    assert code_number in told
    page.evaluate("caches.delete('verifier lists')")
    given["lists"] = before
    assert asked().startswith("valid")


def test_the_browser_says_what_the_program_says(browser: Browser, up: Installation) -> None:
    vectors = json.loads(codes.FILE.read_text("utf-8"))
    page = new_page(browser)
    page.goto(f"{up.url}/v")
    found = page.evaluate(
        """async ({ vectors, step }) => {
          const trust = await codes.gather(vectors);
          const told = [];
          for (const { text } of vectors.cases) told.push((await codes.verify(text, trust, vectors.today)).checks.map(({ sentence }) => sentence));
          const payload = codes.parse(vectors.cases[0].text);
          const flips = [];
          for (let bit = 0; bit < payload.length * 8; bit += step) {
            const changed = Uint8Array.from(payload);
            changed[bit >> 3] ^= 1 << (bit & 7);
            const digits = changed.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n).toString();
            flips.push([digits, (await codes.verify(digits, trust, vectors.today)).outcome]);
          }
          return { told, flips };
        }""",
        {"vectors": vectors, "step": STEP},
    )
    assert found["told"] == [each["told"] for each in vectors["cases"]]
    assert len(found["flips"]) >= 140
    trust = codes.trust_of(vectors)
    now = datetime.fromisoformat(vectors["today"]).replace(tzinfo=UTC)
    for digits, outcome in found["flips"]:
        assert outcome == qr.verify(qr.parse(digits), trust, now).outcome != "valid"


@pytest.mark.parametrize("look", LOOKS)
def test_every_outcome_can_be_read_by_everybody(
    browser: Browser, up: Installation, shown: dict[str, Shown], look: str
) -> None:
    wrong: dict[str, list[str]] = {}
    page = new_page(browser, viewport={"width": 320, "height": 640}, **LOOKS[look])
    page.add_init_script(path=AXE)
    said = sayings(page)
    if found := looked_at(visit(page, up)):
        wrong["nothing asked"] = found
    for name, each in shown.items():
        scan(page, up, each.payload)
        page.locator(f"[data-outcome={each.outcome}]").wait_for()
        if found := looked_at(page):
            wrong[name] = found
    scan(page, up, shown["valid"].payload)
    page.locator("[data-outcome=valid]").wait_for()
    page.emulate_media(media="print")
    assert page.locator("[data-outcome=valid]").is_visible()
    assert not page.locator("[data-verifier] form").first.is_visible()
    assert (wrong, said) == ({}, [])
