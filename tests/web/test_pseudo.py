"""Every page in a language that nobody speaks: what is still in plain letters is a course's, a name or a number."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from babel import Locale
from flask import Flask

from lms.cli import worker
from lms.content.course import load
from lms.content.model import Course
from lms.services.people import passphrases
from lms.services.running.publish import publish
from lms.web.staff.settings import ELSEWHERE
from tests.conftest import NOW
from tests.pseudo import CLOSE, LANGUAGE, OPEN, make_catalogue
from tests.tour.steps import MUESTRARIO
from tests.web.conftest import site_of
from tests.web.everywhere import FACTS, Gathered, visit, vote

SAID = ("aria-label", "placeholder", "title", "alt")
"""Attributes that are read out or shown, beside those of our own scripts (`data-…`)."""
VOID = ("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
TITLES = ("Curso de muestra", "Módulo uno", "Módulo dos", "Prueba final")
WORD = re.compile(r"[A-Za-z]{2,}")
COUNTRIES = "|".join(
    re.escape(name)
    for name in sorted({*Locale("es", "419").territories.values(), *Locale("es").territories.values()}, key=len)[::-1]
)
"""What the default language calls them: nobody has translated those into a language that nobody speaks."""
NAMES = re.compile(
    rf"^({'|'.join(ELSEWHERE)})$|America/Costa_Rica|sqlite:\S+|/\S*/(instance(\.secret)?|catalogues)|courses_content|\b[0-9a-f]{{64}}\b|settings\.toml|lms (publish|init --code)"
    rf"|Vereda( \(demo\))?|{re.escape(FACTS['display_name'])}|SHA-256|(?i:(doble|ana|berta|eva|emma|iris|max|nadia|rosa|telma|vilma|zoe)[.-]{LANGUAGE}|{LANGUAGE})"
    r"|https?://[\w./-]*|^[a-z]+ [a-z]+ [a-z]+$|\b(Rosa <Í>|Max\b|Zoé|color|GT → HN|gasa|revisión|termómetro|1 seco, 2 A, 3 año)"
    rf"|{COUNTRIES}"
    r"|Grupo <1>|<b>Otra</b>|<b>¿Y si…\?</b>|<b>Se equivoca</b> & no ayuda\.|<b>Bueno</b>|Me <i>sirvió</i> & mucho\.|/(courses/)?[a-z/-]+|Grupo <1>|Otra línea|Pienso|x{80,}|“[^”]*”|Español|English|español|inglés|Belice|Costa Rica|\bEva\b|example\.org|(?<=: )[a-z]+ [a-z]+ [a-z]+(?=~)|CC BY-SA 4\.0"
    r"|[0-9.,]+ (kB|MB|km|m|kg|L|mi|ft|lb|gal)\b|[0-9]+ de [a-z]+ de [0-9]{4}"
    r"|[0-9A-Z]{4,5}(-\u2060?[0-9A-Z]{2,5}){1,4}|[0-9A-F]{2}(:[0-9A-F]{2})+|%\((date|number)\)s|\b[A-Z2-7]{32}\b"
)
"""What is no sentence: names of people, sites and languages, words to make a passphrase of, dates, numbers with their
unit, licences, numbers of certificates, fingerprints, what an app takes a second factor from, and the places that a page's script fills."""


class Texts(HTMLParser):
    """Every text of a page, and every attribute that is said, with its language."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        language = values.get("lang") or self.language
        self.found += [(language, values[name]) for name in SAID if name in values]
        self.found += [
            (language, value)
            for name, value in values.items()
            if name.startswith("data-") and name != "data-languages" and " " in value
        ]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag == "code" for tag, _ in self.open):  # for machines
            self.found.append((self.language, " ".join(data.split())))


def plain_words(text: str, titles: re.Pattern[str]) -> Iterator[str]:
    """What a page says in this language without being translated into it."""
    reader = Texts()
    reader.feed(text.replace("<wbr>", ""))
    for language, said in reader.found:
        if language == LANGUAGE and WORD.search(NAMES.sub("", titles.sub("", said))):
            yield said


def titles_of(course: Course) -> list[str]:
    """What stands in the tab, where nothing can say its language."""
    editions = course.editions.values()
    return [title for each in editions for title in (each.title, *(module.title for module in each.modules.values()))]


@pytest.fixture
def pseudo(tmp_path: Path, make_app: Callable[..., Flask]) -> Flask:
    return make_app(languages=(LANGUAGE, "es"), catalogues=make_catalogue(tmp_path / "catalogues"))


def test_every_sentence_of_every_page_is_translated(pseudo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(worker, "now", site_of(pseudo).clock)
    gathered = Gathered(pseudo, monkeypatch)
    publish(site_of(pseudo).database, MUESTRARIO, position=0, now=NOW)
    course, _ = load(MUESTRARIO)
    assert course
    vote(pseudo, course)
    visit(pseudo, gathered, LANGUAGE, [course])
    assert len(gathered.pages) > 50
    titles = re.compile("|".join(re.escape(f"{title} ·") for title in (*TITLES, *titles_of(course))))
    assert {name: found for name, text in gathered.pages if (found := list(plain_words(text, titles)))} == {}
    for name, text in gathered.pages:
        assert text.count(OPEN) == text.count(CLOSE) > 0, name
