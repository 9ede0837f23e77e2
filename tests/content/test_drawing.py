"""An SVG as a part of a page: shapes and colours, and nothing else of the file."""

import re
from html.parser import HTMLParser
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.drawing import COLOURS, MOST, drawing
from lms.web.assets import SOURCES

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20">{}</svg>'
FRAME = 'preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false"'
SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
BILLION = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
HOSTILE = [
    SVG.format("<script>alert(1)</script>"),
    SVG.format('<path onload="alert(1)" d="M0 0"/>'),
    SVG.format('<path ONCLICK="alert(1)" d="M0 0"/>'),
    SVG.format('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
    SVG.format('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
    SVG.format('<a href="#x"><path d="M0 0"/></a>'),
    SVG.format('<g id="a"/><use href="#a"/>'),
    SVG.format('<use xlink:href="https://evil.test/x.svg#a"/>'),
    SVG.format('<image href="#a"/>'),
    SVG.format("<style>body{display:none}</style>"),
    SVG.format('<path style="position:fixed" d="M0 0"/>'),
    SVG.format('<path fill="url(#a)" d="M0 0"/>'),
    SVG.format('<path fill="url(https://evil.test)" d="M0 0"/>'),
    SVG.format('<path fill="red;background:blue" d="M0 0"/>'),
    SVG.format('<path fill="var(--ink)" d="M0 0"/>'),
    SVG.format('<path fill="var(--art-1, url(#a))" d="M0 0"/>'),
    SVG.format('<path fill="var(--art-7)" d="M0 0"/>'),
    SVG.format('<path fill="#fff&quot; onload=&quot;alert(1)" d="M0 0"/>'),
    SVG.format('<path d="M0 0&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"/>'),
    SVG.format('<path d="M0 0" transform="rotate(1) url(#a)"/>'),
    SVG.format('<path d="M0 0" clip-path="circle()"/>'),
    SVG.format('<path d="M0 0" mask="none" filter="blur(9px)"/>'),
    SVG.format('<g tabindex="0" href="#x"/>'),
    SVG.format("<text>x</text>"),
    SVG.format('<animate attributeName="href" to="javascript:alert(1)"/>'),
    SVG.format('<set attributeName="onload" to="alert(1)"/>'),
    SVG.format('<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'),
    SVG.format('<switch><path d="M0 0"/></switch>'),
    SVG.format('<defs><path id="a" d="M0 0"/></defs>'),
    SVG.format("<g>" * 900 + "</g>" * 900),
    SVG.format('<path d="' + "M0 0" * 3000 + '"/>'),
    f'<!DOCTYPE svg [<!ENTITY e0 "x">{BILLION}]>{SVG.format("<title>&e8;</title>")}',
    SVG.format('<path d="M0 0"/>').replace("0 0 40 20", "0 0 40 20 onload"),
    SVG.format('<path d="M0 0"/>').replace("0 0 40 20", "0 0 1e9 nan"),
    SVG.format('<path d="M0 0"/>').replace(' viewBox="0 0 40 20"', ""),
    SVG.format('<path d="M0 0"/>').replace("<svg ", '<svg onload="alert(1)" '),
    "<svg><path d='M0 0'/></svg>",
    "<html><body>x</body></html>",
    "",
]


class Reader(HTMLParser):
    """What a page's parser sees: every tag and attribute, and any text at all."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.rest = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.rest += data

    def handle_comment(self, data: str) -> None:
        self.rest += data


def drawn(inner: str) -> str:
    return drawing(SVG.format(inner).encode())


def test_shapes_and_colours_are_kept() -> None:
    inner = (
        '<g transform="rotate(-4.5 20 10)" opacity=".5"><path fill="var(--art-1, #12464c)" d="M0 0h40v20z"/></g>'
        '<circle cx="9" cy="9" r="4.5" fill="none" stroke="#123" stroke-width="2px" stroke-linecap="round"/>'
    )
    assert drawn(inner) == f'<svg class="art" viewBox="0 0 40 20" {FRAME}>{inner}</svg>'


def test_what_editors_leave_behind_is_gone() -> None:
    inner = (
        "<?note x?><!-- x --><title>A title</title><desc>x</desc><metadata>x</metadata><defs/>"
        '<n:view xmlns:n="urn:editor"><path d="M9 9"/></n:view>'
        '<path id="p1" class="exit" role="img" aria-label="x" data-name="x" d="M0\n 0" xmlns:n="urn:editor" n:x="x"/>'
    )
    assert drawn(inner) == f'<svg class="art" viewBox="0 0 40 20" {FRAME}><path d="M0 0"/></svg>'


def test_its_own_size_gives_way_to_the_page() -> None:
    made = drawing(SVG.format("").replace("<svg ", '<svg width="9000" height="9" preserveAspectRatio="none" ').encode())
    assert made == f'<svg class="art" viewBox="0 0 40 20" {FRAME}></svg>'


@pytest.mark.parametrize("svg", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_more_than_shapes_is_no_part_of_a_page(svg: str) -> None:
    assert drawing(svg.encode()) == ""


def test_a_large_one_is_not_read() -> None:
    room = MOST - len(SVG.format(""))
    assert drawn(" " * room)
    assert drawn(" " * (room + 1)) == ""


names = st.sampled_from(
    ["d", "fill", "onload", "style", "href", "transform", "x", "points", "id", "stroke-linecap", "filter"]
)
values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])) | st.sampled_from(
    [
        "M0 0",
        "#fff",
        "var(--art-2)",
        "url(#a)",
        "javascript:alert(1)",
        '"><script>',
        "rotate(3)",
        "expression(1)",
        "1",
        "&#34;",
    ]
)
elements = st.sampled_from([*sorted(SHAPES), "script", "style", "image", "use", "a", "foreignObject", "text", "title"])


@given(st.lists(st.tuples(elements, st.dictionaries(names, values, max_size=3)), max_size=4))
def test_nothing_but_shapes_ever_comes_out(made: list[tuple[str, dict[str, str]]]) -> None:
    inner = "".join(
        f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in told.items())}>x</{name}>"
        for name, told in made
    )
    html = drawn(inner)
    read = Reader(html)
    assert read.tags <= SHAPES
    assert not read.rest
    assert not read.attributes & {"onload", "style", "href", "id", "filter"}
    assert not re.search(r"[<\"][^<>]*(?:url\(|javascript|expression|&)", html)


def test_the_programs_own_are_drawn_in_the_themes_colours() -> None:
    files = sorted((SOURCES / "art").glob("*.svg"))
    assert {path.stem for path in files} >= {"hero", "empty", "error"}
    for path in files:
        html = drawing(path.read_bytes())
        assert html, path.name
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', html)) - {"none"}
        assert colours
        assert all(re.fullmatch(rf"var\(--art-[1-{COLOURS}], #[0-9a-f]{{6}}\)", each) for each in colours), path.name


def test_every_theme_has_every_colour() -> None:
    css = (SOURCES / "css/06-art.css").read_text("utf-8")
    rules = re.findall(r"(:root|@theme [a-z ]+?) \{([^}]*)\}", css)
    assert [name for name, _ in rules] == [":root", "@theme dark", "@theme more", "@theme dark more"]
    for _, text in rules:
        assert re.findall(r"--art-(\d):", text) == [str(number) for number in range(1, COLOURS + 1)]
