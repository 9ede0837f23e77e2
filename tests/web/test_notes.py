"""Bookmarks and notes without JavaScript: made at a section, found again, changed, taken away, seen by nobody else."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask

from lms.ids import uuid7
from lms.services.studying import notes
from lms.storage.tables import bookmarks, events
from lms.storage.tables import notes as rows
from tests.web.client import Client, page, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.learner import COURSE, UNO
from tests.web.statements import statements
from tests.web.test_edits_seen import QUIZ, YML, Publish, edit

__all__ = ["edit"]
HERE = "/me/notes/here?course=demo-course&module=m-uno&section="
SECRET = 'Mi <script>alert("1")</script> & «nota»\nen dos líneas'


def write(client: Client, text: str = SECRET, section: str = "primera", **changes: str) -> object:
    form = client.form(HERE + section, "/me/notes/write")
    return client.send(form, text=text, **changes)


def note_path(client: Client) -> str:
    text = client.get("/me/notes").get_data(as_text=True)
    return text.partition('href="/me/notes/')[2].partition('"')[0].join(("/me/notes/", ""))


def count(app: Flask, table: object) -> int:
    with site_of(app).database.reading() as tx:
        return len(tx.execute(table.select()).all())  # type: ignore[attr-defined]


def test_one_press_marks_a_section_and_the_way_back_leads_there(ana: Client) -> None:
    text = ana.get(UNO).get_data(as_text=True)
    assert 'form="page-mark" name="section" value="segunda"' in text
    assert "Todavía no hay ninguno." in words(ana.get(UNO))
    place = ana.send(ana.form(UNO, "/me/notes/mark"), section="segunda").headers["Location"]
    told = ana.get(place)
    assert "Segunda sección" in words(told)
    assert "Marcado" in words(told)
    assert f'href="{UNO}#segunda"' in told.get_data(as_text=True)
    kept = ana.get(UNO).get_data(as_text=True).partition('id="page-kept"')[2]
    assert 'data-at="segunda"' in kept
    assert 'href="#segunda"' in kept


def test_a_second_press_marks_nothing_new_and_a_note_alone_stays_alone(app: Flask, ana: Client) -> None:
    for _ in range(2):
        ana.send(ana.form(UNO, "/me/notes/mark"), section="segunda")
    write(ana)
    ana.send(ana.form(UNO, "/me/notes/mark"), section="primera")
    assert count(app, bookmarks) == 1
    ana.send(ana.form(HERE + "primera", "/me/notes/mark"))
    assert count(app, bookmarks) == 2


def test_the_top_of_the_module_can_be_marked(ana: Client) -> None:
    ana.send(ana.form(UNO, "/me/notes/mark"), section="")
    assert 'data-at=""' in ana.get(UNO).get_data(as_text=True)
    assert f'href="{UNO}"' in ana.get(HERE).get_data(as_text=True)


def test_a_note_is_shown_as_it_was_written_and_never_as_markup(ana: Client) -> None:
    there = write(ana).headers["Location"]  # type: ignore[attr-defined]
    for path in (there, UNO, "/me/notes", note_path(ana)):
        text = ana.get(path).get_data(as_text=True)
        assert "&lt;script&gt;alert" in text
        assert "<script>alert" not in text
    assert dict(ana.form(note_path(ana), "/write").fields)["section"] == "primera"


def test_a_note_is_changed_and_deleted(app: Flask, ana: Client) -> None:
    write(ana)
    path = note_path(ana)
    done = ana.send(ana.form(path, "/me/notes/write"), text="Otra cosa")
    assert done.headers["Location"].startswith("/me/notes#page-note-")
    assert "Otra cosa" in words(ana.get("/me/notes"))
    assert "dos líneas" not in words(ana.get("/me/notes"))
    assert "No se puede recuperar" in words(ana.get(path))
    gone = ana.send(ana.form(path, "/delete")).headers["Location"]
    assert "La nota se borró." in words(ana.get(gone))
    assert count(app, rows) == 0
    assert ana.get(path).status_code == 404


def test_a_bookmark_is_removed_and_put_back(app: Flask, ana: Client) -> None:
    ana.send(ana.form(UNO, "/me/notes/mark"), section="segunda")
    removed = ana.send(ana.form("/me/notes", "/me/notes/mark"), ("then", "undo")).headers["Location"]
    assert count(app, bookmarks) == 0
    assert "Se quitó el marcador." in words(ana.get(removed))
    back = ana.send(ana.form(removed, "/me/notes/mark"), ("then", "mine")).headers["Location"]
    assert back == "/me/notes"
    assert "Segunda sección" in words(ana.get(back))


def test_a_thought_is_sent_only_when_she_keeps_it(ana: Client) -> None:
    told = words(ana.get(UNO))
    assert "Nada se envía si no lo guarda en sus notas" in told
    text = ana.get(UNO).get_data(as_text=True)
    assert '<textarea id="r-uno-text" form="page-keep-r-uno" name="text"' in text
    form = ana.form(UNO, "/me/notes/write")
    assert dict(form.fields)["section"] == "r-uno"
    for text in ("Aprendí", "Aprendí mucho"):
        there = ana.send(form, text=text).headers["Location"]
    assert "Ya está en sus notas." in words(ana.get(there))
    kept = words(ana.get(UNO)).partition("Sus marcadores y notas de este módulo")[2]
    assert kept.count("Aprendí") == 1 + kept.count(": Aprendí mucho")
    assert "Aprendí mucho" in kept


@pytest.mark.parametrize(
    ("text", "said"), [("x" * 4001, "caben 4000 caracteres y esta tiene 4001"), (" \r\n ", "La nota está vacía")]
)
def test_what_is_refused_is_shown_again_as_it_was_typed(app: Flask, ana: Client, text: str, said: str) -> None:
    answer = write(ana, text)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert said in words(answer)  # type: ignore[arg-type]
    assert text.strip() in answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert count(app, rows) == 0
    again = page(answer).form("/me/notes/write")  # type: ignore[arg-type]
    assert ana.send(again, text="corta").status_code == 303
    assert count(app, rows) == 1


def test_a_course_holds_five_hundred_notes(ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "MAX_NOTES", 2)
    for number in range(2):
        assert write(ana, f"nota {number}").status_code == 303  # type: ignore[attr-defined]
    full = write(ana, "la de más")
    assert "Ya tiene 2 notas en este curso" in words(full)  # type: ignore[arg-type]
    assert "la de más" in full.get_data(as_text=True)  # type: ignore[attr-defined]
    assert ana.send(ana.form(note_path(ana), "/write"), text="cambiada").status_code == 303


def test_a_note_sent_after_the_session_went_idle_is_kept_as_typed(app: Flask, ana: Client, clock: Clock) -> None:
    form = ana.form(UNO, "/me/notes/write")
    clock.pass_(minutes=20)
    late = ana.send(form, text="Lo que pensé")
    assert late.status_code == 401
    assert "lo que respondió o escribió se guardó" in words(late)
    assert ana.person
    again = Client(app, ana.person)
    again.browser.set_cookie("s", site_of(app).entrance.open_session(ana.person, now=clock()))
    assert "Lo que pensé" in words(again.get("/me/notes"))


def answers_to(client: Client, path: str, form: Iterable[tuple[str, str]]) -> list[int]:
    """What comes of reading, changing and deleting the note at that path."""
    fields = [(name, value) for name, value in form if name not in ("csrf", "text")]
    token = [("csrf", client.csrf())]
    return [
        client.get(path).status_code,
        client.post("/me/notes/write", [*token, *fields, ("text", "robada")]).status_code,
        client.post(f"{path}/delete", token).status_code,
    ]


def test_nobody_else_reads_changes_or_deletes_a_note(app: Flask, ana: Client) -> None:
    write(ana)
    ana.send(ana.form(UNO, "/me/notes/mark"), section="segunda")
    path = note_path(ana)
    form = ana.form(path, "/me/notes/write").fields
    for other in (signed_in(app, "beto"), signed_in(app, "eva", "author", "coordinator", "administrator")):
        assert answers_to(other, path, form) == [404, 404, 303]
        for shown in ("/me/notes", UNO, HERE + "primera", "/me/notes.txt", "/me/notes.json"):
            text = other.get(shown).get_data(as_text=True)
            assert "dos líneas" not in text
            assert "robada" not in text
        assert "Todavía no tiene notas ni marcadores." in words(other.get("/me/notes"))
        place = [("course", "demo-course"), ("module", "m-uno"), ("section", "segunda"), ("act", "unmark")]
        assert other.post("/me/notes/mark", [("csrf", other.csrf()), *place]).status_code == 303
    assert "dos líneas" in words(ana.get("/me/notes"))
    assert count(app, bookmarks) == 1
    assert answers_to(ana, "/me/notes/x", []) == [404, 404, 404]


def test_no_event_and_no_log_tells_of_a_note(app: Flask, ana: Client, caplog: pytest.LogCaptureFixture) -> None:
    before = count(app, events)
    write(ana)
    write(ana, "z" * 4001)
    ana.send(ana.form(UNO, "/me/notes/mark"), section="segunda")
    assert count(app, events) == before
    assert "nota" not in caplog.text
    assert "zzz" not in caplog.text


def test_her_notes_as_files(ana: Client) -> None:
    write(ana)
    ana.send(ana.form(UNO, "/me/notes/mark"), section="segunda")
    text, data = ana.get("/me/notes.txt"), ana.get("/me/notes.json")
    for answer, kind in ((text, "txt"), (data, "json")):
        assert answer.headers["Content-Disposition"] == f'attachment; filename="notas.{kind}"'
        assert answer.headers["Cache-Control"] == "no-store"
    told = text.get_data(as_text=True)
    assert text.mimetype == "text/plain"
    assert told.index("Curso de muestra") < told.index("Primera sección") < told.index(SECRET)
    assert "Segunda sección [marcador]" in told
    (course,) = json.loads(data.get_data())["courses"]
    first, second = course["modules"][0]["places"]
    assert (course["course"], first["section"], first["notes"][0]["text"]) == ("demo-course", "primera", SECRET)
    assert (second["bookmark"], second["notes"]) == (True, [])


def test_in_english(app: Flask) -> None:
    ana = signed_in(app, "ana")
    ana.language = "en"
    assert "You have no notes or bookmarks yet." in words(ana.get("/me/notes"))
    write(ana)
    told = words(ana.get("/me/notes"))
    assert "Change or delete" in told
    assert "could open its files" in told
    assert 'filename="notes.txt"' in ana.get("/me/notes.txt").headers["Content-Disposition"]


def test_a_note_follows_its_module_and_outlives_its_section(ana: Client, edit: Publish) -> None:
    write(ana)
    write(ana, "Aprendí", "r-uno")
    stale = ana.form(HERE + "primera", "/me/notes/write")
    edit(
        (QUIZ, "id: m-uno", "id: m-primero"),
        (QUIZ, "## Primera sección {#primera}", ""),
        (QUIZ, "::: reflexion #r-uno", "::: reflexion #r-fin"),
        (YML, "[m-uno,", "[m-primero,"),
        ("es/90-prueba.md", "p1: m-uno", "p1: m-primero"),
        (YML, "access: open", "access: open\nrenamed: {m-uno: m-primero, r-uno: r-fin}"),
    )
    text = ana.get("/me/notes").get_data(as_text=True)
    assert f'href="{COURSE}/m-primero#r-fin"' in text
    assert "Una sección que ya no está" in text
    kept = ana.get(f"{COURSE}/m-primero").get_data(as_text=True).partition('id="page-kept"')[2]
    assert "dos líneas" in kept
    assert 'href="#page-main"' in kept
    assert 'href="#r-fin"' in kept
    assert ana.send(stale, text="De una página abierta", event=uuid7()).status_code == 303
    assert "De una página abierta" in words(ana.get("/me/notes"))


def test_notes_of_a_module_or_course_that_is_gone_are_still_hers(app: Flask, ana: Client, edit: Publish) -> None:
    form = ana.form(f"{COURSE}/m-dos", "/me/notes/mark")
    ana.send(form, section="")
    ana.send(ana.form("/me/notes/here?course=demo-course&module=m-dos&section=", "/write"), text="Del camino")
    with site_of(app).database.writing() as tx:
        tx.execute(rows.update().values(module="m-viejo"))
        tx.execute(bookmarks.update().values(module="m-viejo"))
    assert "Un módulo que ya no está" in words(ana.get("/me/notes"))
    assert "Del camino" in words(ana.get("/me/notes"))
    removed = ana.send(ana.form("/me/notes", "/me/notes/mark"), ("then", "mine"))
    assert removed.headers["Location"] == "/me/notes"
    assert count(app, bookmarks) == 0
    with site_of(app).database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM courses")
    assert "Un curso que ya no está aquí" in words(ana.get("/me/notes"))
    assert "Del camino" in ana.get("/me/notes.txt").get_data(as_text=True)
    assert ana.send(ana.form(note_path(ana), "/write"), text="Aún se cambia").status_code == 303
    assert "Aún se cambia" in words(ana.get("/me/notes"))


def test_a_note_written_in_a_module_that_has_gone_meanwhile_is_among_all_of_hers(
    ana: Client, edit: Publish, tmp_path: Path
) -> None:
    open_page = ana.form(HERE + "primera", "/me/notes/write")
    (tmp_path / "demo-course" / QUIZ).unlink()
    edit(
        (YML, "[m-uno, ", "["),
        (YML, "access: open", "access: open\nretired: [m-uno, q-a, q-b, q-c, q-d, q-e, r-uno]"),
        ("es/90-prueba.md", "p1: m-uno", "p1: m-dos"),
    )
    sent = ana.send(open_page, text="De una página abierta")
    shown = ana.get(sent.headers["Location"], follow_redirects=True)
    assert (shown.status_code, shown.request.path) == (200, "/me/notes")
    assert "De una página abierta" in words(shown)


def test_a_page_with_a_script_gets_the_parts_that_changed(ana: Client) -> None:
    part = {"X-Fragment": "1"}
    text = ana.send(ana.form(UNO, "/me/notes/mark"), section="primera", headers=part).get_data(as_text=True)
    assert text.strip().startswith('<div class="noting card"')
    assert 'id="page-kept"' in text
    assert "<html" not in text
    form = ana.form(HERE + "primera", "/me/notes/write")
    assert ana.send(form, text="a medias", act="save", headers=part).status_code == 204
    assert "a medias" in ana.send(form, text="a medias, y más", headers=part).get_data(as_text=True)
    assert words(ana.get(HERE + "primera")).count("a medias") == words(ana.get(HERE + "primera")).count("y más")


def test_a_course_of_care_has_its_way_out_on_the_pages_of_its_notes(ana: Client, edit: Publish) -> None:
    edit((YML, "access: open", "access: open\nsensitive: true\npublic_title: {es: Curso}"))
    write(ana)
    for path in (HERE, "/me/notes", note_path(ana)):
        text = ana.get(path).get_data(as_text=True)
        assert 'action="/exit"' in text
        assert "<title>Mis notas ·" in text


def test_a_module_with_a_poll_still_costs_six_statements(app: Flask, ana: Client, edit: Publish) -> None:
    edit((QUIZ, "::: reflexion", "::: encuesta #p-uno\n¿Qué prefiere?\n\n- Leer\n- Oír\n:::\n\n::: reflexion"))
    write(ana)
    ana.get(UNO)
    with statements(app) as said:
        assert "dos líneas" in words(ana.get(UNO))
    assert len(said) <= 6, said
