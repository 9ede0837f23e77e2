"""The page to search: what it shows of every state, and what it keeps to itself."""

import html
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from lms.services.groups import cohorts
from lms.services.running.publish import publish
from tests.conftest import NOW
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, site_of
from tests.web.learner import COURSE, UNO
from tests.web.statements import statements

REAL = Path(__file__).parents[2] / "courses_content" / "trata-de-personas"


@pytest.fixture
def two(app: Flask) -> None:
    """A second course, with many passages, in two languages and sensitive."""
    publish(site_of(app).database, REAL, position=1, now=NOW)


def text_of(client: Client, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def links(client: Client, address: str) -> list[str]:
    main = text_of(client, address).partition("<main")[2].partition("</main>")[0]
    return [html.unescape(each) for each in re.findall(r'<a [^>]*href="([^"]+)"', main)]


def test_a_passage_is_shown_with_its_words_marked_and_leads_to_its_place(anybody: Client) -> None:
    text = text_of(anybody, "/search?q=NEGRITAS parrafo")
    assert re.findall("<mark>(.*?)</mark>", text) == ["párrafo", "negrita"]
    assert UNO in links(anybody, "/search?q=NEGRITAS parrafo")
    assert f"{UNO}#segunda" in links(anybody, "/search?q=segunda")
    assert f"{UNO}#g-muestra" in links(anybody, "/search?q=muestra")
    assert links(anybody, "/search?q=muestra").count(COURSE) == 2  # the course's own page, below its title
    assert "Para abrir un módulo" in words(anybody.get("/search?q=segunda"))


def test_what_is_found_is_counted(anybody: Client, two: None) -> None:
    told = words(anybody.get("/search?q=caminos camino"))
    assert re.search(r"\b\d+ pasajes en 2 cursos", told)
    assert re.search(r"\b1 pasaje en 1 curso\b", words(anybody.get("/search?q=negrita")))
    anybody.language = "en"
    assert re.search(r"\b1 passage in 1 course\b", words(anybody.get("/search?q=negrita")))


def test_no_more_is_said_to_be_found_than_was_counted(anybody: Client, two: None) -> None:
    told = words(anybody.get("/search?q=persona"))
    assert re.search(r"Al menos \d+ pasajes en \d cursos?\b", told)
    assert "Más pasajes de este curso" in told
    assert "Al menos" not in words(anybody.get("/search?q=negrita"))


def test_one_course_is_searched_on_its_own(anybody: Client, two: None) -> None:
    many = "/search?q=persona"
    assert f"{many}&course=trata-de-personas" in links(anybody, many)
    alone = text_of(anybody, f"{many}&course=trata-de-personas")
    assert alone.count("<li>") > text_of(anybody, many).count("<li>")
    assert "<h1>Buscar en este curso</h1>" in alone
    assert ("course", "trata-de-personas") in anybody.form(f"{many}&course=trata-de-personas", "/search").fields
    assert "De cada curso se muestran como máximo los 20 mejores" in words(
        anybody.get(f"{many}&course=trata-de-personas")
    )


@pytest.mark.parametrize(
    ("query", "spanish", "english"),
    [
        ("", "Escriba una o dos palabras", "Write a word or two"),
        ("%20%20", "Escriba una o dos palabras", "Write a word or two"),
        ("%C2%BF?", "Escriba una o dos palabras", "Write a word or two"),
        ("a", "Una sola letra es muy poco", "One letter is too little"),
        ("z", "Una sola letra es muy poco", "One letter is too little"),
        ("zapatos", "No se encontró nada con «zapatos».", "Nothing was found for “zapatos”."),
        ("párrafo" + "%20x" * 150, "solo se buscó su comienzo", "only its beginning was looked for"),
        ("zapato" * 500, "No se encontró nada", "Nothing was found"),
    ],
)
def test_every_state_says_what_to_do_next(anybody: Client, query: str, spanish: str, english: str) -> None:
    for language, said in (("es", spanish), ("en", english)):
        anybody.language = language
        answer = anybody.get(f"/search?q={query}")
        assert answer.status_code == 200
        assert said in words(answer)
        if "párrafo" not in query:
            assert "/" in links(anybody, f"/search?q={query}")[1:]


def test_common_words_are_told_in_the_readers_language(anybody: Client) -> None:
    assert "Estas palabras están en todas partes" in words(anybody.get("/search?q=de la que"))
    anybody.language = "en"
    assert "These words are everywhere" in words(anybody.get("/search?q=of the"))


def test_from_one_course_a_search_goes_on_to_all(anybody: Client) -> None:
    address = "/search?q=zapatos&course=demo-course"
    assert "/search?q=zapatos" in links(anybody, address)
    assert COURSE in links(anybody, address)


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "párrafo <b>x</b>"])
def test_what_was_typed_is_only_text(anybody: Client, query: str) -> None:
    text = anybody.get("/search", query_string={"q": query}).get_data(as_text=True)
    assert query not in text
    assert query in dict(anybody.forms(f"/search?q={query}")[0].fields).values() or query in html.unescape(text)


def test_a_passage_is_only_text(app: Flask, anybody: Client, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    file = folder / "es/01-uno.md"
    file.write_text(file.read_text("utf-8").replace("Un párrafo", "Un párrafo &lt;script&gt; &amp; más,"), "utf-8")
    assert publish(site_of(app).database, folder, position=0, now=NOW).outcome == "published"
    text = text_of(anybody, "/search?q=parrafo")
    assert "<mark>párrafo</mark> &lt;script&gt; &amp; más" in text


def test_what_was_looked_for_stands_in_no_title_and_no_log(anybody: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = anybody.get("/search?q=zapatos")
    text = answer.get_data(as_text=True)
    assert "<title>Buscar · Vereda</title>" in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "zapatos" not in caplog.text


def test_a_bug_while_searching_does_not_tell_what_for(
    app: Flask, anybody: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **values: object) -> None:
        raise ValueError(values["query"])

    monkeypatch.setattr("lms.services.studying.finding.search", fail)
    assert anybody.get("/search?q=zapatos").status_code == 500
    assert "bug" in caplog.text
    assert "zapatos" not in caplog.text


def test_what_is_found_in_a_sensitive_course_can_be_left_at_once(anybody: Client, two: None) -> None:
    assert 'action="/exit"' in text_of(anybody, "/search?q=víctimas")
    assert 'action="/exit"' in text_of(anybody, "/search?q=&course=trata-de-personas")
    assert 'action="/exit"' not in text_of(anybody, "/search?q=negrita")


def test_each_course_is_searched_in_the_readers_language(anybody: Client, two: None) -> None:
    english = text_of(anybody, "/search?q=victims&lang=en")
    assert "Leave now" not in english
    assert 'lang="en"' in english
    assert all("lang=en" in each for each in links(anybody, "/search?q=victims&lang=en") if "/courses/" in each)
    assert "No se encontró" in words(anybody.get("/search?q=victims"))
    assert ("lang", "en") in anybody.form("/search?q=victims&lang=en", "/search").fields


def test_a_course_for_the_enrolled_is_not_told_of(app: Flask, anybody: Client, ana: Client, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    course = folder / "course.yml"
    course.write_text(course.read_text("utf-8").replace("access: open", "access: enrolled"), "utf-8")
    assert publish(site_of(app).database, folder, position=0, now=NOW).outcome == "published"
    for who in (anybody, ana):
        assert "No se encontró nada" in words(who.get("/search?q=negrita"))
        assert who.get("/search?q=negrita&course=demo-course").status_code == 403
    assert ana.person
    with site_of(app).database.writing() as tx:
        cohorts_ = cohorts.create(tx, site_of(app).pen, name="g", courses=["demo-course"], cap=9, days=9, now=NOW)
        cohorts.join(tx, site_of(app).pen, person=ana.person.id, code=cohorts_.code, now=NOW)
    assert "1 pasaje en 1 curso" in words(ana.get("/search?q=negrita"))
    assert "No se encontró nada" in words(anybody.get("/search?q=negrita"))


def test_an_unknown_course_is_told(anybody: Client) -> None:
    assert anybody.get("/search?q=negrita&course=no-hay").status_code == 404


def test_a_search_costs_few_statements(app: Flask, ana: Client) -> None:
    ana.get("/search?q=camino")
    with statements(app) as said:
        ana.get("/search?q=caminos")
    assert len(said) <= 3, said
