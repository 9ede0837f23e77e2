"""A mistake told from any page, with or without an account, and what its authors see of it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask

from lms.ids import uuid4
from lms.services.studying import reports
from lms.storage import reports as stored
from lms.storage.reports import Report
from lms.storage.throttles import Limit
from tests.web.client import Client, page, words
from tests.web.conftest import NOW, Clock, signed_in, site_of
from tests.web.learner import COURSE, UNO

TEXT = "Dice que son tres y son cuatro."
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def link(client: Client, path: str) -> str:
    """Where the page's footer leads to tell of a mistake."""
    found = re.search(r'href="(/report\?[^"]*)"', client.get(path).get_data(as_text=True))
    assert found, path
    return found[1].replace("&amp;", "&")


def tell(client: Client, path: str, **fields: str) -> object:
    return client.send(client.form(path, "/report"), **{"kind": "fact", "body": TEXT, **fields})


def kept(app: Flask) -> list[Report]:
    with site_of(app).database.reading() as tx:
        return stored.some(tx, course=None, done=None)


def add(app: Flask, count: int = 1, **changes: object) -> list[str]:
    values = {"course": "demo-course", "release": "", "module": "m-uno", "anchor": "", "language": "es", "page": UNO,
              "kind": "fact", "body": TEXT, "made_on": NOW.date()}  # fmt: skip
    made = [Report(id=uuid4(), **{**values, **changes}) for _ in range(count)]  # type: ignore[arg-type]
    with site_of(app).database.writing() as tx:
        assert all(stored.keep(tx, each) for each in made)
    return [each.id for each in made]


def test_every_page_leads_to_the_form(app: Flask, ana: Client, anybody: Client) -> None:
    for path in ("/", "/about", "/me/profile", "/nothing-here", COURSE, UNO, f"{COURSE}/m-prueba", "/author/reports"):
        assert parse_qs(urlsplit(link(ana, path)).query)["page"] == [path]
    assert 'href="/report?page' in anybody.get("/login?next=/me/learning").get_data(as_text=True)
    for path in ("/report", "/report/thanks", "/exit"):
        assert "/report?page" not in anybody.get(path).get_data(as_text=True)


def test_within_a_course_it_knows_what_the_page_shows(app: Flask, ana: Client) -> None:
    with site_of(app).database.reading() as tx:
        release = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert release
    tell(ana, link(ana, f"{UNO}?lang=en"))
    (report,) = kept(app)
    assert (report.course, report.module, report.release) == ("demo-course", "m-uno", release.digest)
    assert (report.page, report.body) == (UNO, TEXT)
    assert parse_qs(urlsplit(link(ana, COURSE)).query)["course"] == ["demo-course"]


def test_an_error_within_a_course_is_its_authors(app: Flask, ana: Client) -> None:
    tell(ana, link(ana, f"{COURSE}/gone"))
    refused = ana.post(f"{UNO}/finish", [("csrf", "stale")])
    assert refused.status_code == 400
    found = re.search(r'href="(/report\?[^"]*)"', refused.get_data(as_text=True))
    assert found
    sent = tell(ana, found[1].replace("&amp;", "&"))
    assert sent.headers["Location"] == "/report/thanks?page=/"  # type: ignore[attr-defined]
    places = {(each.course, each.module, each.page) for each in kept(app)}
    assert places == {
        ("demo-course", "", f"{COURSE}/gone"),
        ("demo-course", "m-uno", ""),
    }


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_visitor_tells_of_a_mistake_and_goes_back(app: Flask, anybody: Client, language: str) -> None:
    anybody.language = language
    form = anybody.get(link(anybody, "/about"))
    assert ("Su nombre" in words(form) or "no se guarda su nombre" in words(form).lower()) == (language == "es")
    assert ("Your name is not kept" in words(form)) == (language == "en")
    sent = tell(anybody, link(anybody, "/about"))
    assert sent.status_code == 303  # type: ignore[attr-defined]
    thanks = anybody.get(sent.headers["Location"])  # type: ignore[attr-defined]
    assert {"es": "su aviso llegó", "en": "your report has arrived"}[language] in words(thanks)
    assert 'class="button" href="/about"' in thanks.get_data(as_text=True)
    assert thanks.headers["Cache-Control"] == "no-store"
    assert [(each.page, each.language) for each in kept(app)] == [("/about", language)]


@pytest.mark.parametrize(
    "target", ["//evil.test", "https://evil.test/x", "/\\evil.test", "javascript:alert(1)", "/me/logout"]
)
def test_nobody_is_led_elsewhere(app: Flask, anybody: Client, target: str) -> None:
    path = f"/report?page={quote(target)}"
    assert "evil" not in anybody.get(path).get_data(as_text=True).partition("</main>")[0].replace(quote(target), "")
    sent = tell(anybody, path)
    back = anybody.get(sent.headers["Location"]).get_data(as_text=True)  # type: ignore[attr-defined]
    assert 'class="button" href="/"' in back
    assert kept(app)[0].page == ""


def test_what_is_kept_of_an_address_leads_to_nobody(app: Flask, ana: Client) -> None:
    attempt = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    tell(ana, link(ana, attempt))
    tell(ana, link(ana, "/verify?number=7K3Q-ZX0T-9B4M-E2-9"))
    tell(ana, "/report?page=/join/7K3QZX0T9B")
    tell(ana, f"/report?page=/no/{ana.person.username if ana.person else ''}")
    found = {(each.page, each.module) for each in kept(app)}
    assert found == {("/attempts/…", "m-prueba"), ("/verify", ""), ("/join/…", ""), ("", "")}
    assert ana.person
    assert ana.person.id not in str(kept(app))


def test_the_section_is_chosen_from_the_modules(app: Flask, ana: Client) -> None:
    here = link(ana, UNO)
    options = ana.form(here, "/report").options["section"]
    assert options[0] == ""
    assert len(options) > 2
    filled = ana.form(f"{here}&section={options[1]}", "/report")
    assert dict(filled.fields)["section"] == options[1]
    ana.send(filled, kind="wording", body=TEXT)
    ana.send(ana.form(here, "/report"), kind="wording", body=TEXT, section="no-such")
    assert sorted(each.anchor for each in kept(app)) == ["", options[1]]


def test_whoever_may_not_read_a_module_does_not_see_its_sections(app: Flask, ana: Client, anybody: Client) -> None:
    here, anchor = link(ana, UNO), ana.form(link(ana, UNO), "/report").options["section"][1]
    text = anybody.get(here).get_data(as_text=True)
    assert "<select" not in text.partition("<main")[2]
    assert anchor not in text
    tell(anybody, f"{here}&section={anchor}")
    assert [each.anchor for each in kept(app)] == [anchor], "the place from which it was sent is not lost"


def test_what_is_wrong_is_said_and_the_text_is_not_lost(app: Flask, anybody: Client) -> None:
    path = link(anybody, "/about")
    for fields, told in (
        ({"kind": ""}, "Elija de qué trata"),
        ({"kind": "nada"}, "Elija de qué trata"),
        ({"body": "x" * 2001}, "Su texto tiene 2001 caracteres y puede tener 2000"),
        ({"body": "  "}, "Escriba en pocas palabras"),
    ):
        answer = tell(anybody, path, **fields)
        assert answer.status_code == 400  # type: ignore[attr-defined]
        assert told in words(answer)  # type: ignore[arg-type]
        body = fields.get("body", TEXT)
        assert f">\n{body}</textarea>" in answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert kept(app) == []
    again = page(answer).form("/report")  # type: ignore[arg-type]
    assert anybody.send(again, body=TEXT).status_code == 303


def test_a_session_that_went_idle_loses_no_text(app: Flask, ana: Client, clock: Clock) -> None:
    form = ana.form(link(ana, UNO), "/report")
    clock.pass_(hours=2)
    assert ana.send(form, kind="harm", body=TEXT).status_code == 303
    assert [each.body for each in kept(app)] == [TEXT]


def test_sent_twice_is_sent_once(app: Flask, ana: Client) -> None:
    form = ana.form(link(ana, UNO), "/report")
    for body in (TEXT, TEXT, f"{TEXT} Y más."):
        assert ana.send(form, kind="fact", body=body).status_code == 303
    assert len(kept(app)) == 2


def test_a_flood_is_slowed_down_and_loses_no_text(app: Flask, anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "BROWSER", Limit(free=2, most=60))
    path = link(anybody, "/about")
    answers = [tell(anybody, path, body=f"{TEXT} {number}") for number in range(4)]
    assert [each.status_code for each in answers] == [303, 303, 303, 429]  # type: ignore[attr-defined]
    assert f"{TEXT} 3</textarea>" in answers[3].get_data(as_text=True)  # type: ignore[attr-defined]
    assert tell(Client(app), path).status_code == 303  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("role", "inbox"), [("learner", 403), ("author", 200), ("coordinator", 403), ("administrator", 200)]
)
def test_who_reads_reports(app: Flask, role: str, inbox: int) -> None:
    (report,) = add(app)
    client = signed_in(app, "eva", role)
    assert client.get("/author/reports").status_code == inbox
    marked = client.post(f"/author/reports/{report}", [("csrf", client.csrf()), ("act", "done")])
    assert marked.status_code == (303 if inbox == 200 else 403)
    assert kept(app)[0].done == (inbox == 200)


@pytest.fixture
def diego(app: Flask) -> Client:
    return signed_in(app, "diego", "author")


def test_an_author_sees_what_and_where_and_nothing_of_who(app: Flask, ana: Client, diego: Client) -> None:
    anchor = ana.form(link(ana, UNO), "/report").options["section"][1]
    tell(ana, link(ana, UNO), kind="harm", section=anchor)
    answer = diego.get("/author/reports")
    told = words(answer)
    for part in ("Módulo uno", "Puede hacer daño", TEXT, "24 de noviembre de 2026", "Español", "1 aviso abierto"):
        assert part in told
    assert f'href="{UNO}?lang=es#{anchor}"' in answer.get_data(as_text=True)
    assert "ana" not in told.lower().split()
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_text_is_only_text(app: Flask, ana: Client, diego: Client) -> None:
    tell(ana, link(ana, UNO), body=HOSTILE)
    tell(ana, f"/report?page=/about&language={quote(HOSTILE)}&section={quote(HOSTILE)}&course={quote(HOSTILE)}")
    bodies = [
        diego.get("/author/reports"),
        diego.get(f"/author/reports?marked={quote(HOSTILE)}&course={quote(HOSTILE)}&state={quote(HOSTILE)}"),
        ana.get(
            f"/report?page={quote('/' + HOSTILE)}&body={quote(HOSTILE)}&kind={quote(HOSTILE)}&section={quote(HOSTILE)}"
        ),
        tell(ana, "/report?page=/about", body=HOSTILE, kind=HOSTILE, once=HOSTILE),
    ]
    for answer in bodies:
        text = answer.get_data(as_text=True)  # type: ignore[attr-defined]
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert HOSTILE in words(bodies[0]).replace("\n", " ")


def test_a_report_is_done_and_the_last_step_can_be_undone(app: Flask, diego: Client) -> None:
    add(app)
    sent = diego.send(diego.form("/author/reports?state=open", "/author/reports/"), ("act", "done"))
    after = diego.get(sent.headers["Location"])
    assert "Quedó como resuelto." in words(after)
    assert TEXT not in words(after)
    diego.send(page(after).form("/author/reports/"), ("act", "open"))
    assert TEXT in words(diego.get("/author/reports"))
    gone = diego.post("/author/reports/nada", [("csrf", diego.csrf()), ("act", "done")])
    assert gone.status_code == 404


def test_reports_are_filtered_and_counted(app: Flask, diego: Client) -> None:
    add(app, 2)
    (done,) = add(app, body="Ya corregido.", course="gone", module="m-old")
    add(app, body="Fuera.", course="", module="", page="/about")
    with site_of(app).database.writing() as tx:
        stored.mark(tx, done, done=True)
    assert "3 avisos abiertos" in words(diego.get("/author/reports"))
    told = words(diego.get("/author/reports?state=done"))
    assert "gone › m-old" in told
    assert "Ya corregido." in told
    assert "1 aviso " in told
    assert words(diego.get("/author/reports?course=demo-course&state=all")).count(TEXT) == 2
    assert "Fuera." in words(diego.get("/author/reports?course="))
    assert "Elija otro curso o estado" in words(diego.get("/author/reports?course=gone"))
    assert "4 avisos" in words(diego.get("/author/reports?state=all&course=*&number=zz"))


def test_without_a_report_the_page_says_so(diego: Client) -> None:
    assert "Nadie ha avisado de errores todavía" in words(diego.get("/author/reports"))
    diego.language = "en"
    assert "Nobody has reported an error yet" in words(diego.get("/author/reports"))


def test_fifty_stand_on_one_page(app: Flask, diego: Client) -> None:
    for number in range(2):
        add(app, 30, made_on=NOW.date() - timedelta(days=number), body=f"día {number}.")
    first, second = (words(diego.get(f"/author/reports?number={number}")) for number in (1, 2))
    assert (first.count("día 0."), first.count("día 1.")) == (30, 20)
    assert (second.count("día 0."), second.count("día 1.")) == (0, 10)
    assert "1 de 2" in first
    assert words(diego.get("/author/reports?number=9")).count("día 1.") == 10, "past the end is the last page"


def test_a_page_with_an_id_in_its_address_is_found_by_its_module(app: Flask, diego: Client) -> None:
    add(app, page="/attempts/…", module="m-prueba")
    text = diego.get("/author/reports").get_data(as_text=True)
    assert f'href="{COURSE}/m-prueba?lang=es"' in text
    assert "/attempts/" not in text
