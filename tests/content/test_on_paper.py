"""HTML on paper: what a link, a term and an abbreviation say where nothing can be pressed."""

import pytest

from lms.content.model import Callout, Prose
from lms.content.references import on_paper


@pytest.mark.parametrize(
    ("html", "printed"),
    [
        ('a <a class="term" href="#g-x">word</a>', 'a word<sup class="ref">a</sup>'),
        ('a <a class="term" href="#g-y">word</a>', "a word"),
        ('so<sup class="ref"><a href="#fn-pal">[2]</a></sup>', 'so<sup class="ref">[2]</sup>'),
        ('see <a href="#part">above</a>', "see above"),
        (
            '<a href="https://example.org/x" rel="noopener noreferrer">the <em>law</em></a>',
            '<a href="https://example.org/x" rel="noopener noreferrer">the <em>law</em></a> (https://example.org/x)',
        ),
        ('<a href="mailto:a@b.org">a@b.org</a>', '<a href="mailto:a@b.org">a@b.org</a>'),
        ('<a href="tel:+5021500">call</a>', '<a href="tel:+5021500">call</a> (+5021500)'),
        ("1 < 2 & plain", "1 < 2 & plain"),
    ],
)
def test_a_link_is_written_out(html: str, printed: str) -> None:
    assert on_paper(html, {"g-x": "a"}) == printed


def test_an_abbreviation_is_explained_once_also_across_blocks() -> None:
    short = '<abbr title="Fecha de caducidad">CAD</abbr>'
    box = Callout(line=0, kind="note", title="", body=(Prose(line=0, html=short),))
    first, second = on_paper((Prose(line=0, html=f"{short} y {short}"), box), {})
    assert first.html == "CAD (Fecha de caducidad) y CAD"
    assert second.body[0].html == "CAD"
