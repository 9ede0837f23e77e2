"""Where to turn: a country chosen, what is said of it and how sure that is."""

import re

import pytest
from flask import Flask

from lms.services.people import consent
from lms.storage import countries, preferences
from lms.web.public.help import telephone
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.everywhere import know_countries
from tests.web.spoken import texts

PAGE = "/your-country"
UNKNOWN = "Estos datos todavía no están aquí. Pregúntelos hoy en su institución, antes de necesitarlos:"


@pytest.fixture
def known(app: Flask) -> None:
    know_countries(app)


def unknown(who: Client, country: str) -> list[str]:
    """The topics that are named as not known yet."""
    article = (
        who.get(f"{PAGE}?country={country}").get_data(as_text=True).partition("<article")[2].partition("</article>")[0]
    )
    return re.findall(r"<li>(.*?)</li>", article)


def shown(told: str, name: str) -> str:
    """What stands after the topic of that name, up to some way into the next ones."""
    return told.partition(f" {name} ")[2][:150]


def test_before_any_country_is_known_it_says_whom_to_ask(anybody: Client) -> None:
    told = words(anybody.get(PAGE))
    assert "Todavía no hay datos de ningún país. Consulte a su institución." in told
    assert "<select" not in anybody.get(PAGE).get_data(as_text=True)


@pytest.mark.usefixtures("known")
def test_each_entry_says_how_sure_it_is(anybody: Client) -> None:
    told = words(anybody.get(f"{PAGE}?country=CR"))
    number = shown(told, "Número de emergencias")
    assert number.startswith("000 Comprobado el 25 de octubre de 2026 por Eva. Fuente: example.org")
    line = shown(told, "Línea de atención a la violencia de género")
    assert line.startswith("0000 0000 Comprobado el 20 de octubre de 2025 por Eva. Hace más de 12 meses: compruébelo")
    law = shown(told, "Ley contra la trata de personas")
    assert law.startswith(
        "Ley <1> Sin verificar: confírmelo antes de usarlo Se consultó al preparar los cursos, sin fecha"
    )
    asylum = shown(told, "Refugio y asilo")
    assert asylum.startswith(f"Refugees & more Sin verificar: confírmelo antes de usarlo {UNKNOWN}")
    assert (told.count(UNKNOWN), len(unknown(anybody, "CR"))) == (3, 12)
    assert "Consulados" in unknown(anybody, "CR")
    assert "Refugio y asilo" not in unknown(anybody, "CR")


@pytest.mark.usefixtures("known")
def test_an_entry_grows_old(anybody: Client, clock: Clock) -> None:
    path = f"{PAGE}?country=CR"
    assert words(anybody.get(path)).count("Hace más de 12 meses") == 1
    clock.pass_(days=400)
    assert words(anybody.get(path)).count("Hace más de 12 meses") == 2


@pytest.mark.usefixtures("known")
def test_a_country_of_which_nothing_is_known_shows_every_topic_empty(anybody: Client) -> None:
    told = words(anybody.get(f"{PAGE}?country=BZ"))
    assert told.count(UNKNOWN) == 3
    assert len(set(unknown(anybody, "BZ"))) == 16
    assert "Belice" in told


@pytest.mark.usefixtures("known")
def test_a_name_in_another_language_is_marked_and_nothing_is_markup(anybody: Client) -> None:
    text = anybody.get(f"{PAGE}?country=CR").get_data(as_text=True)
    assert ("en", "Refugees & more") in texts(text)
    assert ("es", "Ley <1>") in texts(text)
    assert '<a href="tel:000">000</a>' in text
    english = anybody.get(f"{PAGE}?country=CR", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert ("en", "Law <1>") in texts(english)
    assert "Belize" in english


@pytest.mark.usefixtures("known")
def test_a_visitors_choice_is_in_the_address_only(anybody: Client, app: Flask) -> None:
    form = next(form for form in anybody.forms(PAGE) if form.action == PAGE)
    assert form.method == "get"
    answer = anybody.get(f"{PAGE}?country=CR")
    assert "Costa Rica" in words(answer)
    assert "CR" not in str(answer.headers.getlist("Set-Cookie"))
    assert 'id="page-country"' not in anybody.get(PAGE).get_data(as_text=True)
    for strange in ("ZZ", "<b>", "cr"):
        assert anybody.get(f"{PAGE}?country={strange}").status_code == 200
        assert 'id="page-country"' not in anybody.get(f"{PAGE}?country={strange}").get_data(as_text=True)


@pytest.mark.usefixtures("known")
def test_a_learners_choice_is_kept_with_her_account(app: Flask, ana: Client) -> None:
    form = next(form for form in ana.forms(PAGE) if form.action == PAGE)
    assert ana.send(form, country="CR").headers["Location"] == PAGE
    assert "Ley <1>" in words(ana.get(PAGE))
    assert "Ley <1>" not in words(ana.get(f"{PAGE}?country=BZ"))
    assert "Ley <1>" in words(ana.get(PAGE))
    assert "Ley <1>" not in words(signed_in(app, "eva").get(PAGE))
    ana.send(form, country="ZZ")
    assert 'id="page-country"' not in ana.get(PAGE).get_data(as_text=True)


@pytest.mark.usefixtures("known")
def test_whoever_withdrew_sees_a_country_that_is_not_kept(app: Flask, ana: Client) -> None:
    assert ana.person
    with site_of(app).database.writing() as tx:
        preferences.change(tx, ana.person.id, consent=consent.WITHDRAWN)
    text = ana.get(PAGE).get_data(as_text=True)
    assert f'<form class="country-choice" method="get" action="{PAGE}">' in text
    assert "Ley <1>" in words(ana.get(f"{PAGE}?country=CR"))


def test_a_country_that_went_is_chosen_no_more(app: Flask, ana: Client) -> None:
    know_countries(app)
    ana.send(ana.form(PAGE, PAGE), country="CR")
    with site_of(app).database.writing() as tx:
        countries.replace(tx, [])
    assert ana.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("911", "tel:911"),
        ("+503 2222-2222", "tel:+50322222222"),
        ("(502) 1 555", ""),
        ("911 y 112", ""),
        ("Ley 1", ""),
        ("2026-11-24 de noviembre", ""),
    ],
)
def test_only_a_number_is_called(text: str, called: str) -> None:
    assert telephone(text) == called
