"""Phones whose lines do not count, as administrators and the staff see them."""

from flask import Flask
from werkzeug.test import TestResponse

from lms.learning import events as types
from lms.storage import audit
from tests.phone import Phone, granted
from tests.web.client import Client
from tests.web.conftest import signed_in, site_of
from tests.web.test_lines import lines, post

LIST = "/staff/quarantine/phones"


def text(who: Client, path: str) -> str:
    return who.get(path).get_data(as_text=True)


def post_to(who: Client, path: str, **fields: str) -> TestResponse:
    return who.post(path, [("csrf", who.csrf()), *fields.items()])


def test_a_phone_in_doubt_is_seen_to(app: Flask, ana: Client) -> None:
    eva = signed_in(app, "eva", "administrator")
    assert "<table>" not in text(eva, LIST)
    known = granted(app, ana)
    strange = Phone(app, known.learner)
    release = site_of(app).desk.catalogue
    with site_of(app).database.reading() as tx:
        live = release.live(tx, "demo-course")
    assert live
    act = strange.line(types.MODULE_COMPLETED, release=live.digest, item="m-uno")
    sheet = strange.line(types.ATTEMPT_SUBMITTED, release=live.digest, item="m-prueba", data={"attempt": "x"})
    post(app, lines(act, sheet))
    page = f"{LIST}/{known.learner}/{strange.device}"
    assert page in text(eva, LIST)
    assert text(eva, page).count('name="line"') == 1, "no sheet of a test is offered"
    name = text(eva, page).partition('name="line" value="')[2].partition('"')[0]
    assert post_to(eva, page).status_code == 303
    assert post_to(eva, page, line=name, reason="").status_code == 400
    assert post_to(eva, page, line=name, reason="Lo vi").status_code == 303
    assert post_to(eva, page, line=name, reason="Lo vi").status_code == 409
    assert eva.get(f"{LIST}/{known.learner}/x").status_code == 404
    said = text(eva, page)
    assert "Taken as a new act" in said or "Tomada como un acto nuevo" in said
    assert 'name="line"' not in said, "only the sheet is left"
    with site_of(app).database.reading() as tx:
        assert [each.act for each in audit.lines(tx)][:2] == ["line-accepted", "lines-checked"]
    assert "m-uno" in text(ana, "/courses/demo-course")


def test_the_staff_sees_her_phones_and_ends_one(app: Flask, ana: Client) -> None:
    eva = signed_in(app, "eva", "administrator")
    phone = granted(app, ana, name="Mi teléfono")
    page = f"/staff/people/{phone.learner}"
    assert "Mi teléfono" in text(eva, page)
    assert post_to(eva, f"{page}/phone", device=phone.device).status_code == 303
    answer = post(app, lines(phone.line(types.ENROLLED)))
    assert answer.get_json()["outcomes"][0] == {"line": 1, "outcome": "unproven", "why": "revoked"}
    assert phone.ask("state").status_code == 403


def test_each_line_is_told_in_words_and_what_can_be_done_with_it(app: Flask, ana: Client) -> None:
    eva = signed_in(app, "eva", "administrator")
    phone = granted(app, ana)
    with site_of(app).database.reading() as tx:
        live = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert live
    post_to(ana, f"/me/devices/{phone.device}")
    post(app, lines(phone.line(types.MODULE_COMPLETED, release=live.digest, item="m-uno")))
    page = text(eva, f"{LIST}/{phone.learner}/{phone.device}")
    assert live.course.edition("es").modules["m-uno"].title in page
    assert "learner.module_completed" not in page
    assert "queda quitado" in page, "a phone that was removed does not come back by being signed in on"
    nobody = Phone(app, "01900000-0000-7000-8000-0000000000ff")
    post(app, lines(nobody.line(types.MODULE_COMPLETED, release=live.digest, item="m-uno")))
    page = text(eva, f"{LIST}/{nobody.learner}/{nobody.device}")
    assert ("Por ahora, nada" in page, 'name="line"' in page) == (True, False)
    assert "2 teléfonos" in text(eva, "/staff"), "what waits is told where administrators begin"


def test_a_phone_is_removed_only_by_who_has_read_what_it_means(app: Flask, ana: Client) -> None:
    eva = signed_in(app, "eva", "administrator")
    phone = granted(app, ana, name="Mi teléfono")
    page = text(eva, f"/staff/people/{phone.learner}")
    before = page.partition(f'value="{phone.device}"')[0]
    assert "Lo que todavía no ha enviado ya no llegará a contar" in before.rpartition("<details>")[2]
    assert "Todavía no ha enviado nada" in page
