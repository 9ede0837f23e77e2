"""A source that depends on the country says so wherever sources stand, in the language of the course, with a link."""

import re

import pytest
from flask import Flask

from lms.web.frame.templating import verify_notice
from tests.web.client import Client
from tests.web.conftest import signed_in

BOX, REAL = "/courses/muestrario/m-caja", "/courses/trata-de-personas"
NOTICE = re.compile(r'<a class="verify" href="([^"]*)"([^>]*)>([^<]*)</a>')


@pytest.fixture(scope="module")
def ana(library: Flask) -> Client:
    """Ana, a learner."""
    return signed_in(library, "ana-verify")


@pytest.fixture(scope="module")
def eva(library: Flask) -> Client:
    """Eva, a coordinator."""
    return signed_in(library, "eva-verify", "learner", "coordinator")


def notices(client: Client, path: str) -> list[tuple[str, str, str]]:
    """Of each notice of the page: where it leads to, its other attributes, what it says."""
    return NOTICE.findall(client.get(path).get_data(as_text=True))


@pytest.mark.parametrize("path", ["", "/print"])
def test_a_marked_source_has_its_notice_on_the_page_and_on_paper(ana: Client, path: str) -> None:
    assert notices(ana, BOX + path) == [("/your-country", "", "verifique en su país")]
    assert notices(ana, f"{BOX}{path}?lang=en") == [("/your-country", "", "check in your country")]


def test_a_printed_course_has_the_notices_of_all_its_sources(ana: Client) -> None:
    found = notices(ana, f"{REAL}/print")
    assert len(found) == 9
    assert {said for _, _, said in found} == {"verifique en su país"}


def test_a_key_has_the_notices_of_the_sources_in_it(eva: Client) -> None:
    sheet = eva.get(f"{REAL}/m-derechos/paper").location
    assert len(notices(eva, sheet.replace("/paper", "/key"))) == 3


def test_in_a_language_without_a_catalogue_the_notice_says_its_own(library: Flask) -> None:
    with library.test_request_context():
        assert verify_notice("quc") == '<a class="verify" href="/your-country" lang="es">verifique en su país</a>'
        assert verify_notice("en") == '<a class="verify" href="/your-country">check in your country</a>'
