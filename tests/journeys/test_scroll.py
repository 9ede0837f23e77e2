"""What a script adds to a module, and what holds without: the scenario, tasks by keyboard, terms in place, a lost connection."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import DESKTOP, new_page, register
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
HERE = "/courses/muestrario"


@pytest.fixture(scope="module")
def page(served: Installation, browser: Browser) -> Page:
    found = new_page(browser, viewport=DESKTOP)
    register(found, served.url, "paso-a-paso", "Ana")
    return found


@pytest.fixture(scope="module")
def plain(served: Installation, browser: Browser) -> Page:
    """A browser without JavaScript."""
    found = new_page(browser, javascript=False)
    register(found, served.url, "sin-guion", "Ana")
    return found


def no_connection(route: Route) -> None:
    route.abort()


def paying_portal(route: Route) -> None:
    """What a captive portal gives for every address."""
    route.fulfill(status=200, body="<!doctype html><title>Wi-Fi</title><main><h1>Pague para seguir</h1></main>")


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


def test_a_scenario_goes_on_in_place_and_back_undoes_a_step(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-casa")
    story = page.locator("#e-corte")
    now = story.locator(".step:visible")
    expect(now).to_have_count(1)
    expect(now.locator(".eyebrow")).to_have_text("Paso 1")
    story.locator(".ways a", has_text="siga con el trapo").click()
    expect(now).to_have_attribute("id", "e-corte-cocina-w3")
    assert focused(page) == "e-corte-cocina-w3"
    expect(now.locator(".tone-bad")).to_have_text("Otra decisión sería mejor")
    now.get_by_role("link", name="Intentar de nuevo").click()
    expect(now.locator(".eyebrow")).to_have_text("Paso 1")
    page.go_back()
    expect(now).to_have_attribute("id", "e-corte-cocina-w3")
    page.go_back()
    expect(now).to_have_attribute("id", "e-corte-cocina")
    expect(story.locator(".trail")).to_be_hidden()


def test_at_its_end_a_scenario_tells_the_way_and_is_kept(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-casa")
    story = page.locator("#e-corte")
    for words in ("siga con el trapo", "Intentar de nuevo", "Busco primero", "Seguir", "Uso las que tienen fecha"):
        story.locator(".step:visible a", has_text=words).click()
    page.route("**/scenario/**", paying_portal)
    story.locator(".step:visible a", has_text="Seguir").click()
    expect(story.locator(".step:visible [data-status]")).to_have_text("Todavía no se guardó: no hay conexión.")
    page.unroute_all(behavior="wait")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        story.get_by_role("button", name="Guardar que terminé la historia").click()
    expect(story.locator(".step:visible [data-status]")).to_have_text("Guardado.")
    told = story.locator(".trail li")
    expect(told.locator(".tone")).to_have_text(["Otra decisión sería mejor", "Ayuda solo en parte", "Buena decisión"])
    page.evaluate("document.querySelector('#opinar').scrollIntoView()")
    page.reload()
    expect(told).to_have_count(3)
    story.locator(".step:visible a", has_text="Empezar de nuevo").click()
    expect(story.locator(".step:visible .eyebrow")).to_have_text("Paso 1")
    expect(told).to_have_count(0)


def test_without_a_script_a_scenario_is_walked_too(served: Installation, plain: Page) -> None:
    plain.goto(f"{served.url}{HERE}/m-casa")
    story = plain.locator("#e-corte")
    story.locator(".ways a", has_text="siga con el trapo").click()
    expect(story.locator(".step:visible")).to_have_count(1)
    expect(story.locator(".step:visible .mine")).to_be_in_viewport()
    story.get_by_role("link", name="Intentar de nuevo").click()
    expect(story.locator(".step:visible")).to_have_attribute("id", "e-corte-cocina")


def test_items_are_sorted_with_the_keyboard(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-preguntas")
    box = page.locator("#question-q-donde")
    assert box.locator("select:visible").count() == 0
    expect(box.locator(".count")).to_have_text("1 de 4")
    box.locator(".targets:visible button", has_text="En la caja").focus()
    for count in ("2 de 4", "3 de 4", "4 de 4", "4 de 4"):
        page.keyboard.press("Enter")
        expect(box.locator(".count")).to_have_text(count)
    values = box.locator("select").evaluate_all("all => all.map(each => each.value)")
    assert len(values) == 4
    assert all(values)
    assert page.evaluate("document.activeElement.className") == "eyebrow count"
    box.get_by_role("button", name="Cambiar").first.click()
    expect(box.locator(".targets:visible")).to_have_count(1)


def test_steps_are_ordered_with_the_keyboard_and_the_place_is_said(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-preguntas")
    box = page.locator("#question-q-pasos")
    assert box.locator("select").evaluate_all("all => all.map(each => each.value)") == [""] * 4
    last = box.locator(".pair label").last.inner_text()
    row = box.locator(".pair", has_text=last)
    place = "row => [...row.parentElement.children].indexOf(row)"
    while row.evaluate(place):
        row.locator(".up").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.classList.contains('up')")
    expect(box.locator("[role=status]")).to_have_text(f"{last}: lugar 1 de 4")
    assert row.locator("select").input_value() == "1"
    expect(row.locator(".up")).to_have_attribute("aria-disabled", "true")
    assert sorted(box.locator("select").evaluate_all("all => all.map(each => each.value)")) == ["1", "2", "3", "4"]


def test_a_term_and_a_source_open_where_they_are_and_give_the_focus_back(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-caja")
    assert not page.locator("#g-botiquin").is_visible()
    for link, said in (("a.term", "Caja con lo necesario"), (".ref a", "International first aid")):
        found = page.locator(f".part {link}").first
        found.click()
        box = page.locator(".in-place")
        expect(box).to_contain_text(said)
        expect(box).to_be_focused()
        expect(found).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        expect(found).to_be_focused()
    assert "#" not in page.url


def test_without_a_script_a_source_is_at_the_end_and_leads_back(served: Installation, plain: Page) -> None:
    plain.goto(f"{served.url}{HERE}/m-caja")
    plain.locator(".part .ref a").first.click()
    expect(plain.locator("#fn-guia")).to_be_in_viewport()
    plain.locator("#fn-guia .back").click()
    expect(plain.locator(".part .ref").first).to_be_in_viewport()


def test_a_line_says_how_far_it_is(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-preguntas")
    line = page.locator(".along p")
    expect(line).to_contain_text("cerca de 10 min más")
    page.evaluate("document.querySelector('#unir').scrollIntoView({behavior: 'instant', block: 'start'})")
    expect(line).to_have_text(re.compile(r"3 de 3 · cerca de \d min más"))
    page.evaluate("document.querySelector('.sources').scrollIntoView({behavior: 'instant', block: 'start'})")
    expect(line).to_have_text("3 de 3 · casi termina")


def test_cards_are_counted_as_they_turn(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-caja")
    expect(page.locator("p:has(+ .cards)")).to_contain_text("3 tarjetas")
    seen = page.locator(".seen")
    expect(seen).to_be_empty()
    for count in (1, 2):
        page.locator(".card-turns summary").nth(count).click()
        expect(seen).to_have_text(f"{count} de 3 tarjetas vistas")


def test_without_a_connection_nothing_is_lost(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-preguntas")
    card = page.locator("#quiz-q-tela")
    card.locator("[name=q-tela]").fill("gasa")
    check = card.locator("[value=check]")
    for failing in ("gone", "portal"):
        page.route("**/quiz/**", no_connection if failing == "gone" else paying_portal)
        check.click()
        expect(card.locator("[data-status]")).to_have_text("No hay conexión: sus respuestas siguen aquí.")
        expect(check).to_have_text("Probar otra vez")
        assert card.locator("[name=q-tela]").input_value() == "gasa"
        page.unroute_all(behavior="wait")
    check.click()
    card.locator(".result-right").wait_for()
    expect(page.locator(".finish")).to_contain_text(re.compile(r"tiene el [1-9]"))
    card.get_by_role("link", name="Responder de nuevo").click()
    expect(card.locator("[name=q-tela]")).to_be_focused()
    assert "again" not in page.url


def test_what_the_server_refuses_is_said_in_the_card(served: Installation, page: Page) -> None:
    page.goto(f"{served.url}{HERE}/m-preguntas")
    card = page.locator("#quiz-q-cual")
    card.locator("[value=check]").click()
    expect(card.locator("[data-status]")).to_have_text(
        "Responda al menos una pregunta antes de comprobar sus respuestas."
    )
    expect(card.locator("[value=check]")).to_have_text("Comprobar mis respuestas")
