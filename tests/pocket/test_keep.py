"""What a phone keeps of people: who they are, what the store told, their certificates; and how somebody leaves it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates import keys, lists
from lms.certificates.signed import public
from lms.certificates.vouching import voucher
from lms.web.public.verifier import carried
from tests.certificates.family import family
from tests.conftest import NOW
from tests.pocket.phone import ANA, BETO, Phone, pending, record, refusal, rows, send
from tests.pocket.store import Store, packed, reply
from tests.vectors import codes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
STATE: dict[str, Any] = {
    "vereda": "state 1",
    "now": "2026-11-26T10:00:00.000Z",
    "device": {"complete_to": 0, "forked_at": None, "unproven": 0, "expires": "2027-05-01T00:00:00Z"},
    "courses": {},
    "certificates": [],
}


def test_who_leaves_is_gone_once_everything_of_hers_is_at_the_store(phone: Phone, store: Store) -> None:
    page = phone.tab()
    for who in (ANA, BETO):
        phone.add(page, who)
        record(page, who)
    page.evaluate("(who) => pocket.db.put('notes', { learner: who.learner, id: 'x' })", ANA)
    store.faults = [lambda _: (503, {}, b"")]
    leave = "async ([who, options]) => { const { left, file } = await pocket.profile.remove(who, options); return [left, file ? await file.text() : null]; }"
    assert page.evaluate(leave, [ANA, {}]) == [1, None]
    assert len(rows(page, ANA)) == 1
    assert page.evaluate(leave, [ANA, {}]) == [0, None]
    assert (len(store.lines), rows(page, ANA)) == (2, [])
    assert page.evaluate("async () => (await pocket.profile.list()).map(({ name }) => name)") == ["Beto"]
    assert page.evaluate("() => pocket.db.all('notes')") == []
    store.refused = {"learner.module_completed": "malformed"}
    record(page, BETO)
    assert page.evaluate(leave, [BETO, {}]) == [1, None]
    left, file = page.evaluate(leave, [BETO, {"anyway": True}])
    assert (left, len(file.splitlines())) == (0, 5)
    assert page.evaluate("() => pocket.profile.list()") == []


def test_who_comes_back_has_another_device_and_who_is_there_the_same(phone: Phone, store: Store) -> None:
    page = phone.tab()
    first = phone.add(page)
    record(page)
    again = phone.add(page)
    assert (again["device"], again["n"], len(again["grants"])) == (first["device"], 1, 1)
    page.evaluate("(who) => pocket.profile.edit(who.learner, { revoked: 'revoked' })", ANA)
    other = phone.add(page)
    assert other["device"] != first["device"]
    assert (other["n"], other["revoked"], len(other["grants"])) == (0, "", 2)
    record(page)
    assert [row["n"] for row in rows(page)] == [1, 1]
    assert send(page)["left"] == 0


def test_a_pin_hides_and_lets_nobody_guess_on_and_on(phone: Phone) -> None:
    page = phone.tab()
    phone.add(page)
    page.clock.install()
    page.evaluate("(who) => pocket.lock.set(who, '2468')", ANA)
    tried = "([who, pin]) => pocket.lock.check(who, pin)"
    assert page.evaluate(tried, [ANA, "2468"]) is True
    assert [page.evaluate(tried, [ANA, "1111"]) for _ in range(6)] == [False] * 6
    assert page.evaluate("async (who) => pocket.lock.wait(await pocket.profile.get(who.learner))", ANA) > 0
    assert page.evaluate(tried, [ANA, "2468"]) is False
    page.clock.run_for(3000)
    assert page.evaluate("([who, pin]) => pocket.lock.clear(who, pin)", [ANA, "2468"]) is True
    assert page.evaluate(tried, [ANA, ""]) is True
    assert page.evaluate("() => ['123', '1234', '12a4', '1234567890123'].map(pocket.lock.isPin)") == [
        False,
        True,
        False,
        False,
    ]


REFRESH = "async (who) => pocket.state.refresh(await pocket.profile.get(who.learner))"


def test_what_the_store_tells_is_kept(phone: Phone, store: Store) -> None:
    page = phone.tab()
    device = phone.add(page)["device"]
    for course, release in (("curso", "r1"), ("otro", "r2")):
        row = {
            "learner": ANA["learner"],
            "course": course,
            "taken": {"release": release, "texts": {}, "media": []},
            "newer": None,
        }
        page.evaluate("(row) => pocket.db.put('courses', row)", row)
    page.evaluate(
        "(row) => pocket.db.put('tickets', row)", {"learner": ANA["learner"], "attempt": "a-1", "course": "curso"}
    )
    record(page, times=2)
    store.faults = [
        lambda good: reply(
            {**json.loads(good[2]), "outcomes": [{"line": n, "outcome": "unproven", "why": "expired"} for n in (1, 2)]}
        )
    ]
    send(page)
    assert len(pending(page)["unproven"]) == 2
    pdf = b"%PDF-1.7 hers"
    entry = {
        "number": "K7Q2",
        "title": "Curso",
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "size": len(pdf),
        "code": "",
        "stands": True,
    }
    carried = {
        "ended": ["m-1"],
        "best": {},
        "scenarios": {},
        "kept": [],
        "completed": [],
        "enrolled": True,
        "place": None,
    }
    attempts = {"a-1": {"module": "m-test", "state": "marked", "share": "1/2", "passed": False}}

    def told(said: Any) -> Any:
        assert said["ask"] == {"courses": {"curso": "r1", "otro": "r2"}}
        known = {"curso": {"live": "r1", "carried": carried, "attempts": attempts}, "otro": None}
        return {**STATE, "device": {**STATE["device"], "complete_to": 1}, "courses": known, "certificates": [entry]}

    store.told = {"/api/v1/state": told, "/api/v1/certificate": pdf}
    page.evaluate(REFRESH, ANA)
    assert page.evaluate(
        "async (who) => (await pocket.db.one('courses', [who.learner, 'curso'])).state.carried.ended", ANA
    ) == ["m-1"]
    assert (
        page.evaluate("async (who) => (await pocket.db.one('tickets', [who.learner, 'a-1'])).outcome.share", ANA)
        == "1/2"
    )
    assert [row["n"] for row in pending(page)["unproven"]] == [2]
    assert (
        page.evaluate(
            "async (who) => new TextDecoder().decode((await pocket.certificates.list(who.learner))[0].bytes)", ANA
        )
        == pdf.decode()
    )
    store.asked = []
    page.evaluate(REFRESH, ANA)
    assert "/api/v1/certificate" not in [path for path, _ in store.asked]
    store.told["/api/v1/state"] = reply({"vereda": "refused 1", "why": "revoked", "message": "no"}, 403)
    assert refusal(page, REFRESH, ANA) == "Refused"
    row = page.evaluate(
        "async (who) => { const { revoked, device } = await pocket.profile.get(who.learner); return { revoked, device }; }",
        ANA,
    )
    assert row == {"revoked": "revoked", "device": device}


def test_a_certificate_that_is_not_the_one_told_of_is_not_kept(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    entry = {"number": "K7Q2", "sha256": "0" * 64, "code": ""}
    store.told = {"/api/v1/state": {**STATE, "certificates": [entry]}, "/api/v1/certificate": b"<html>"}
    assert refusal(page, REFRESH, ANA) == "Changed"
    assert page.evaluate("() => pocket.db.all('certificates')") == []


def test_tickets_are_asked_for_until_the_answer_is_here_and_take_one_sheet(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    asked = []

    def given(said: Any) -> Any:
        asked.append(said["ask"])
        if len(asked) < 3:
            return {"vereda": "cut"}
        return {
            "vereda": "tickets 1",
            "tickets": [
                {
                    "attempt": "a-1",
                    "course": "curso",
                    "module": "m-test",
                    "release": "r1",
                    "expires": "2999-01-01T00:00:00Z",
                }
            ],
        }

    store.told = {"/api/v1/tickets": given}
    fetch = "async (who) => pocket.tickets.fetchTickets(await pocket.profile.get(who.learner), { course: 'curso', module: 'm-test', release: 'r1', language: 'es' })"
    assert [refusal(page, fetch, ANA) for _ in range(3)] == ["Offline", "Offline", ""]
    assert len({each["id"] for each in asked}) == 1
    sheet = """async (who) => {
      const [ticket] = await pocket.tickets.tickets(who.learner, 'curso');
      const form = new FormData();
      for (const [name, value] of [['w1', 'a'], ['w1', 'b'], ['w2', ''], ['csrf', 'no']]) form.append(name, value);
      const both = await Promise.all([pocket.tickets.submit(who, ticket, form, 'es'), pocket.tickets.submit(who, ticket, form, 'es')]);
      return (await pocket.tickets.submit(who, ticket, form, 'es')).code;
    }"""
    assert page.evaluate(sheet, ANA)
    made = [json.loads(row["raw"]) for row in rows(page)]
    assert len(made) == 1
    assert made[0]["data"] == {"attempt": "a-1", "wires": {"w1": ["a", "b"], "w2": [""]}, "language": "es"}
    assert (made[0]["item"], made[0]["release"]) == ("m-test", "r1")
    store.told = {"/api/v1/tickets": reply({"vereda": "refused 1", "why": "none_left", "message": ""}, 409)}
    assert refusal(page, fetch, ANA) == "Refused"
    assert page.evaluate("() => pocket.db.all('shelf')") == []


def test_certificates_are_verified_without_a_connection(phone: Phone) -> None:
    page = phone.tab()
    vectors = json.loads(codes.FILE.read_text("utf-8"))
    page.evaluate(
        "(trust) => pocket.certificates.keepTrust(trust)", {"roots": vectors["roots"], "lists": vectors["lists"]}
    )
    phone.context.set_offline(True)
    told = page.evaluate(
        "async ([cases, today]) => { const all = []; for (const { text } of cases) all.push((await pocket.certificates.verify(text, today)).outcome); return all; }",
        [vectors["cases"], vectors["today"]],
    )
    assert told == [each["outcome"] for each in vectors["cases"]]


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """A store's key, what vouches for it, and the lists of its root."""
    folder = tmp_path_factory.mktemp("vouched")
    keys.create(folder, issuer_code="E2", organisation="Vereda (demo)", now=NOW)
    made = family(folder)
    key = Ed25519PrivateKey.generate()
    (entry,) = [each for each in made.trust.keys[0].entries if each.kid == made.hub.kid]
    word = lists.sign_store(
        entry, made.hub.key, store="H7", store_key=public(key.public_key()), starts=NOW.date(), version=1, now=NOW
    )
    trust = made.trust.having(word)
    return {
        "key": key,
        "public": public(key.public_key()),
        "voucher": voucher(trust, public(key.public_key()), made.hub.kid),
        "trust": made.trust,
    }


def test_a_file_has_every_line_and_another_store_answers_for_it(
    phone: Phone, store: Store, vouched: Mapping[str, Any]
) -> None:
    page = phone.tab()
    device = phone.add(page)["device"]
    record(page, times=3)
    page.evaluate("(trust) => pocket.certificates.keepTrust(trust)", carried(vouched["trust"]))
    name, text = page.evaluate(
        "async (who) => { const file = await pocket.file.save(await pocket.profile.get(who.learner)); return [file.name, await file.text()]; }",
        ANA,
    )
    assert name.endswith(".ndjson")
    head, grant, *lines, end = map(json.loads, text.splitlines())
    assert (head["vereda"], head["learner"], head["device"]) == ("file 1", ANA["learner"], device)
    assert (grant["store"], grant["trust"], end) == ({"id": "K7Q2", "key": "k"}, {}, {"end": 3})
    assert [each["raw"] for each in lines] == [row["raw"] for row in rows(page)]
    record(page)  # after the file was made
    ids = sorted(row["id"] for row in rows(page)[:3])
    said = {"store": "H7", "device": device, "learner": ANA["learner"], "complete_to": 0, "at": "2026-11-26T10:00:00Z"}
    said |= {"lines": {"accepted": 1, "duplicate": 1, "unproven": 1, "refused": 0, "quarantined": 0}}
    good = receipt(vouched, {**said, "digest": hashlib.sha256("\n".join(ids).encode()).hexdigest()})
    take = "async ([who, text]) => pocket.file.receipt(await pocket.profile.get(who.learner), text)"
    for wrong, text in bad_receipts(good).items():
        assert refusal(page, take, [ANA, text]) == "BadReceipt", wrong
    assert pending(page)["held"] == 0
    assert page.evaluate(take, [ANA, json.dumps(good)]) == {"taken": 3, "at": said["at"], "store": "H7"}
    assert (pending(page)["held"], pending(page)["waiting"]) == (3, 4)
    assert send(page)["left"] == 0
    assert len(store.lines) == 4


def receipt(vouched: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What a store answers."""
    payload = json.dumps(said)
    signature = packed(vouched["key"].sign(payload.encode()))
    return {
        "vereda": "receipt 1",
        "payload": payload,
        "signature": signature,
        "key": vouched["public"],
        "trust": vouched["voucher"],
    }


def bad_receipts(good: dict[str, Any]) -> dict[str, str]:
    """What is none, or not hers, or of nobody who is known."""
    of = {"learner": BETO["learner"]}
    changed = {
        "somebody else's": {**good, "payload": json.dumps({**json.loads(good["payload"]), **of})},
        "changed": {**good, "payload": good["payload"].replace('"accepted": 1', '"accepted": 9')},
        "no voucher": {**good, "trust": {}},
        "another key": {**good, "key": public(Ed25519PrivateKey.generate().public_key())},
        "another kind": {**good, "vereda": "file 1"},
        "no signature": {**good, "signature": ""},
        "a signature of something": {**good, "signature": packed(b"x" * 64)},
    }
    return {
        "no JSON": "{",
        "a list": "[]",
        "null": "null",
        "short": "R1.x.y",
        **{name: json.dumps(each) for name, each in changed.items()},
    }


def test_the_short_receipt_of_a_code_is_as_good(phone: Phone, vouched: Mapping[str, Any]) -> None:
    page = phone.tab()
    device = phone.add(page)["device"]
    record(page, times=2)
    told = carried(vouched["trust"])
    page.evaluate("(trust) => pocket.certificates.keepTrust(trust)", {**told, "stores": [vouched["voucher"]["store"]]})
    digest = hashlib.sha256("\n".join(sorted(row["id"] for row in rows(page))).encode()).digest()
    payload = json.dumps(
        ["H7", device, 2, 2, packed(digest)[:22], "2026-11-26T10:00:00Z"], separators=(",", ":")
    ).encode()
    text = f"R1.{packed(payload)}.{packed(vouched['key'].sign(b'R1' + payload))}"
    take = "async ([who, text]) => pocket.file.receipt(await pocket.profile.get(who.learner), text)"
    assert refusal(page, take, [ANA, text[:-2] + ("AA" if text[-2:] != "AA" else "BB")]) == "BadReceipt"
    assert page.evaluate(take, [ANA, text])["taken"] == 2
    assert pending(page)["held"] == 2


def test_signatures_of_stores_are_read_in_browsers_that_can_not(phone: Phone) -> None:
    page = phone.tab()
    cases = []
    for place in range(12):
        key, message = Ed25519PrivateKey.generate(), f"line {place} ñ".encode()
        signature, spki = bytearray(key.sign(message)), bytearray(key.public_key().public_bytes_raw())
        if place % 3 == 1:
            signature[place * 5] ^= 1 << place % 8
        if place % 3 == 2:
            message += b"."
        cases.append([list(spki), list(signature), list(message), place % 3 == 0])
    script = "async (cases) => { const all = []; for (const each of cases) all.push(await pocket.ed25519.check(...each.slice(0, 3).map((bytes) => Uint8Array.from(bytes)))); return all; }"
    assert page.evaluate(script, cases) == [each[3] for each in cases]


def test_scripts_have_no_key_of_hers_to_read(phone: Phone) -> None:
    page = phone.tab()
    phone.add(page)
    assert refusal(
        page, "async (who) => crypto.subtle.exportKey('pkcs8', (await pocket.profile.get(who.learner)).secret)", ANA
    ).startswith("InvalidAccessError")
    stored = page.evaluate("() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]")
    assert stored == [[], [], ""]


def test_her_own_store_needs_nobody_to_vouch_for_it(phone: Phone, vouched: Mapping[str, Any]) -> None:
    page = phone.tab()
    device = phone.add(page)["device"]
    record(page)
    store = {"id": "K7Q2", "key": vouched["public"], "trust": {}}
    page.evaluate("([who, store]) => pocket.profile.edit(who.learner, { store })", [ANA, store])
    said = {
        "store": "K7Q2",
        "device": device,
        "learner": ANA["learner"],
        "complete_to": 1,
        "lines": {},
        "digest": "",
        "at": "",
    }
    take = "async ([who, text]) => pocket.file.receipt(await pocket.profile.get(who.learner), text)"
    answered = {**receipt(vouched, said), "trust": {}}
    assert page.evaluate(take, [ANA, json.dumps(answered)])["taken"] == 1
    said["store"] = "H7"
    assert refusal(page, take, [ANA, json.dumps({**receipt(vouched, said), "trust": {}})]) == "BadReceipt"
