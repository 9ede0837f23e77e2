"""What a phone is told: how each course stands in the names that it knows, and what became of each test taken away."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lms.certificates import qr
from lms.certificates.device_key import unpacked
from lms.certificates.signed import is_by_store
from lms.content.course import load
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning.attempts import AttemptWiring
from lms.learning.grading import right_answer
from lms.services.common.registers import shelf_of
from lms.services.running.publish import Published, publish
from lms.services.running.rebuild import differences
from lms.storage import projection
from lms.storage.releases import Catalogue
from tests.phone import Phone, granted
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, Clock, signed_in, site_of
from tests.web.learner import COURSE, answer, finish, number_of
from tests.web.test_device import why

Publish = Callable[..., Published]


@pytest.fixture
def edit(app: Flask, tmp_path: Path, clock: Clock) -> Publish:
    """The course with a test that may be taken away, and with these texts in the place of others, published."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    test = next(each for each in folder.glob("es/*.md") if "kind: test" in each.read_text("utf-8"))
    test.write_text(
        test.read_text("utf-8").replace("kind: test\n", "kind: test\noffline: yes\nattempts: 4\n", 1), "utf-8"
    )

    def edited(*changes: tuple[str, str, str]) -> Published:
        for name, old, new in changes:
            for file in [test] if name == "test" else sorted(folder.glob(name)):
                file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
        done = publish(site_of(app).database, folder, position=0, now=clock())
        assert done.outcome == "published", done.diagnostics
        return done

    edited()
    return edited


def live(app: Flask) -> str:
    with site_of(app).database.reading() as tx:
        release = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert release
    return release.digest


def state(phone: Phone, release: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = phone.ask("state", courses={"demo-course": release}, language="es").get_json()
    return found


def course(phone: Phone, release: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = state(phone, release)["courses"]["demo-course"]
    return found


def take(phone: Phone, count: int = 1, **more: Any) -> list[dict[str, Any]]:
    asked = {"id": uuid7(), "course": "demo-course", "module": "m-prueba", "count": count, **more}
    answer = phone.ask("tickets", **asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.get_json()["tickets"]
    return found


def wires(app: Flask, ticket: dict[str, Any], *, right: bool = True) -> dict[str, list[str]]:
    """The sheet filled in by somebody who knows, or by somebody who knows it all wrong."""
    with site_of(app).database.reading() as tx:
        opened = projection.attempt(tx, ticket["attempt"])
    made, _ = load(SAMPLE)
    assert opened and made
    wiring, filled = AttemptWiring(opened.seed), {}
    for question in made.editions["es"].modules["m-prueba"].questions():
        if question.id in opened.drawn:
            keys = set(right_answer(question))
            filled[wiring.question(question)] = [
                shown.wire for shown in wiring.choices(question) if (shown.key in keys) == right
            ][:1]
    return filled


def send(app: Flask, *lines: dict[str, str]) -> list[str]:
    body = "".join(json.dumps(each) + "\n" for each in lines)
    answer = app.test_client().post("/api/v1/events", data=body, content_type="application/x-ndjson")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [each["outcome"] for each in answer.get_json()["outcomes"]]


def sheet(phone: Phone, ticket: dict[str, Any], filled: dict[str, list[str]], **values: Any) -> dict[str, str]:
    data = {"attempt": ticket["attempt"], "wires": filled, "language": "es"}
    return phone.line(types.ATTEMPT_SUBMITTED, item="m-prueba", release=ticket["release"], data=data, **values)


def agrees(app: Flask) -> bool:
    with site_of(app).database.reading() as tx:
        return differences(tx, Catalogue()) == []


def test_what_is_told_of_courses(app: Flask, ana: Client, edit: Publish) -> None:
    phone = granted(app, ana)
    found = {each["id"]: each for each in phone.ask("courses", language="es").get_json()["courses"]}
    one = found["demo-course"]
    assert (one["release"], one["allowed"], one["enrolled"]) == (live(app), True, False)
    assert one["manifest"]["release"] == live(app)
    none = phone.ask("courses", manifests=[]).get_json()["courses"]
    assert [each["manifest"] for each in none] == [None] * len(none)
    assert why(phone.ask("courses", manifests="all")) == (400, "malformed")


def test_a_test_taken_away_is_marked_when_it_arrives(app: Flask, ana: Client, edit: Publish, clock: Clock) -> None:
    phone = granted(app, ana)
    failed, passed = take(phone, 2)
    for ticket in (failed, passed):
        payload = json.loads(ticket["signed"]["payload"])
        assert payload["vereda"] == "ticket 1"
        assert all(payload[name] == ticket[name] for name in payload if name != "vereda")
        signature = unpacked(ticket["signed"]["signature"]) or b""
        assert is_by_store(phone.grant["store"]["key"], ticket["signed"]["payload"].encode(), signature)
        assert set(ticket["html"]) == {"es"}
        assert ticket["count"] == 4
    before = course(phone)
    assert before["attempts_left"] == 2
    assert set(before["tests"]["m-prueba"]["away"]) == {passed["attempt"], failed["attempt"]}
    assert {each["state"] for each in before["attempts"].values()} == {"open"}
    assert send(app, sheet(phone, failed, wires(app, failed, right=False))) == ["accepted"]
    one = course(phone)["attempts"][failed["attempt"]]
    assert (one["state"], one["passed"], one["share"], one["device"]) == ("marked", False, "0", phone.device)
    assert [each["module"] for each in one["review"]] == ["m-uno", "m-dos"]
    assert send(app, sheet(phone, passed, wires(app, passed))) == ["accepted"]
    two = course(phone)["attempts"][passed["attempt"]]
    assert (two["state"], two["passed"], two["share"], two["review"]) == ("marked", True, "1", [])
    assert agrees(app)
    page = words(ana.get(f"/attempts/{passed['attempt']}"))
    assert "100" in page


def test_what_a_sheet_waits_for_and_why_it_does_not_count(app: Flask, ana: Client, edit: Publish, clock: Clock) -> None:
    phone, other = granted(app, ana), granted(app, ana, name="Otro")
    first, second, third = take(phone, 3)
    lost = phone.line(types.MODULE_COMPLETED, item="m-uno", release=live(app))
    send(app, sheet(phone, first, wires(app, first)))
    assert fate(phone, first) == ("waiting", "waiting")
    send(app, lost)
    assert fate(phone, first)[0] == "marked"
    send(app, sheet(other, second, wires(app, second)))
    assert fate(phone, second) == ("not_counted", "ticket")
    made_up = Phone(app, phone.learner, device=phone.device, n=10)
    send(app, sheet(made_up, second, wires(app, second)))
    clock.pass_(days=91)
    assert fate(phone, third) == ("not_counted", "late")
    told = state(phone)["device"]
    assert (told["complete_to"], told["forked_at"], told["unproven"]) == (2, None, 1)
    assert agrees(app)


def fate(phone: Phone, ticket: dict[str, Any]) -> tuple[str, str]:
    one = course(phone)["attempts"][ticket["attempt"]]
    return one["state"], one.get("why", "")


def test_what_she_did_elsewhere_comes_in_the_names_of_the_phones_release(
    app: Flask, ana: Client, edit: Publish
) -> None:
    old = live(app)
    phone = granted(app, ana)
    edit(
        ("es/*.md", "id: m-dos", "id: m-nuevo"),
        ("es/*.md", "p2: m-dos", "p2: m-nuevo"),
        ("course.yml", "m-dos", "m-nuevo"),
        ("course.yml", "id: demo-course", "id: demo-course\nrenamed: {m-dos: m-nuevo}"),
    )
    new = live(app)
    answer(ana, "q-a")
    finish(ana, "m-nuevo")
    told = course(phone, old)
    assert (told["live"], told["carried"]["ended"]) == (new, ["m-dos"])
    assert told["carried"]["best"]["q-a"] == "1"
    assert course(phone, new)["carried"]["ended"] == ["m-nuevo"]
    assert course(phone, "0" * 64)["carried"]["ended"] == ["m-nuevo"]
    (ticket,) = take(phone, module="m-prueba", release=old)
    send(app, sheet(phone, ticket, wires(app, ticket, right=False)))
    review = course(phone, old)["attempts"][ticket["attempt"]]["review"]
    assert [each["module"] for each in review] == ["m-uno", "m-dos"]


def test_her_last_answers_come_as_far_as_there_is_something_to_tell_of_them(
    app: Flask, ana: Client, edit: Publish
) -> None:
    phone, before = granted(app, ana), live(app)
    answer(ana, "q-a")
    last = course(phone, before)["carried"]["last"]["q-a"]
    assert (last["share"], last["answer"]) == ("1", ["1"])
    edit(
        ("es/01-uno.md", "- [x] La letra A\n  > Correcto", "- [ ] La letra A\n  > Correcto"),
        ("es/01-uno.md", "- [ ] La letra B\n  > Es la segunda", "- [x] La letra B\n  > Es la segunda"),
    )
    assert course(phone, before)["carried"]["last"]["q-a"] == last
    assert course(phone, live(app))["carried"]["last"]["q-a"] == {
        name: value for name, value in last.items() if name != "answer"
    }


def test_her_certificates_come_with_their_codes(app: Flask, holder: Client) -> None:
    phone = granted(app, holder)
    told = state(phone)
    (one,) = told["certificates"]
    assert (one["number"], one["stands"], told["making"]) == (number_of(app, holder), True, 0)
    pdf = phone.ask("certificate", number=one["number"])
    assert (pdf.mimetype, len(pdf.data)) == ("application/pdf", one["size"])
    assert hashlib.sha256(pdf.data).hexdigest() == one["sha256"]
    trust = shelf_of(site_of(app).settings).load()
    assert qr.verify(qr.parse(one["code"]), trust, site_of(app).clock()).outcome == "valid"
    assert told["trust"] == app.test_client().get("/v/lists.json").get_json()
    assert told["store"]["trust"]["store"] in told["trust"]["stores"]


def test_nobody_gets_what_is_another_ones(app: Flask, holder: Client, edit: Publish) -> None:
    eva = granted(app, signed_in(app, "eva"))
    assert eva.ask("certificate", number=number_of(app, holder)).status_code == 404
    told = state(eva)
    assert (told["certificates"], told["courses"]["demo-course"]["attempts"]) == ([], {})
    assert told["courses"]["demo-course"]["carried"]["ended"] == []
    hers = granted(app, holder)
    (ticket,) = take(hers)
    mine = take(eva)
    assert ticket["attempt"] not in {each["attempt"] for each in mine}
    assert eva.app.test_client().get(f"/attempts/{ticket['attempt']}").status_code == 303
    assert signed_in(app, "otra").get(f"/attempts/{ticket['attempt']}").status_code == 404
    assert holder.get(f"/attempts/{ticket['attempt']}").status_code == 409
    assert send(app, sheet(eva, ticket, wires(app, ticket))) == ["accepted"]
    assert fate(hers, ticket) == ("open", "")
    assert ticket["attempt"] not in course(eva)["attempts"]


@pytest.mark.parametrize("courses", [1, "x", {"demo-course": 1}, [1], {f"c{n}": None for n in range(61)}])
def test_what_is_no_list_of_courses_is_refused(app: Flask, ana: Client, courses: object) -> None:
    assert why(granted(app, ana).ask("state", courses=courses)) == (400, "malformed")


def test_a_course_that_is_not_here_is_told_as_nothing(app: Flask, ana: Client) -> None:
    assert granted(app, ana).ask("state", courses=["nothing"]).get_json()["courses"] == {"nothing": None}


@pytest.mark.parametrize("count", [0, 4, -1, True, "2", 1.0, None])
def test_a_count_is_from_one_to_three(app: Flask, ana: Client, edit: Publish, count: object) -> None:
    asked = {"id": uuid7(), "course": "demo-course", "module": "m-prueba", "count": count}
    assert why(granted(app, ana).ask("tickets", **asked)) == (400, "malformed")


def test_the_words_of_each_refusal(app: Flask, ana: Client, edit: Publish) -> None:
    phone = granted(app, ana)
    for wrong in ({"id": "x"}, {"course": 1}, {"module": None}, {"release": 1}):
        asked = {"id": uuid7(), "course": "demo-course", "module": "m-prueba", "count": 1} | wrong
        assert why(phone.ask("tickets", **asked)) == (400, "malformed")
    asked = {"id": uuid7(), "course": "demo-course", "module": "m-prueba", "count": 3}
    assert why(phone.ask("tickets", **{**asked, "module": "nothing"})) == (404, "unknown")
    assert len(phone.ask("tickets", **asked).get_json()["tickets"]) == 3
    assert why(phone.ask("tickets", **{**asked, "id": uuid7()})) == (409, "too_many")
    assert len(phone.ask("tickets", **asked).get_json()["tickets"]) == 3
    edit(("test", "offline: yes", "offline: no"))
    assert why(phone.ask("tickets", **{**asked, "id": uuid7()})) == (409, "not_offline")


def test_the_page_of_the_test_tells_what_is_away(app: Flask, ana: Client, edit: Publish) -> None:
    take(granted(app, ana, name="Chrome, Android"))
    told = words(ana.get(f"{COURSE}/m-prueba"))
    assert "Usted se llevó un intento en «Chrome, Android»" in told
    assert "Empezar la prueba" in told or "Comenzar la prueba" in told
    assert "Seguir con la prueba" not in told
