"""Nothing that an author writes can run, load or link to where it must not."""

import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from lms.content.course import load
from lms.content.markdown import ATTRIBUTES, TAGS, Leaves
from lms.content.media import is_harmless
from lms.content.report import Report

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
TRICKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=//evil></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<body onload=alert(1)>",
    "<style>*{}</style>",
    "<link rel=stylesheet href=//evil>",
    "<meta http-equiv=refresh content=0>",
    "<object data=//evil>",
    "<embed src=//evil>",
    "<form action=//evil><input>",
    "<math><mtext></mtext></math>",
    "<base href=//evil>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>]]>",
    "<?php echo 1 ?>",
    "<x onclick=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<noscript><p title='</noscript><img src=x>'>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<scr<script>ipt>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "\\<script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](data:text/html,<script>)",
    "[x](vbscript:x)",
    "[x](//evil.test)",
    "[x](/\\evil.test)",
    "[x](\\\\evil.test)",
    "[x](http://evil.test)",
    "[x](ftp://evil.test)",
    "[x](file:///etc/passwd)",
    "[x](../../etc)",
    "[x](/logout)",
    "[x](?a=b)",
    "[x](blob:x)",
    '[x](#"onmouseover=alert(1))',
    '[x](https://a.test "t\\" onmouseover=alert(1)")',
    '[x](<https://a.test" onclick=alert(1)>)',
    "![x](javascript:alert(1))",
    "![x](//evil/x.png)",
    '![x](x "onerror=alert(1)")',
    "<javascript:alert(1)>",
    '<https://a.test/"onclick=x>',
    "[x]: javascript:alert(1)\n[x]",
    "[a][b]\n\n[b]: //evil.test",
    "[^<script>]",
    "`<script>`",
    "``<img src=x onerror=x>``",
    "    <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "| <script> | b |\n|---|---|\n| c | d |",
    '*[A"onclick=x]: <b>\n\nA"onclick=x',
    "term\n: <script>alert(1)</script>",
    '[x](term:g-x"onclick=alert(1))',
    "[x](term:<script>)",
    "[x](mailto:a@b.test?subject=<script>)",
    '[x](tel:+1"onclick=x)',
    "<a@b.test>",
    "&nbsp;&quot;&#x27;",
    "\u2028<script>",
    "[x](https:javascript)",
]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.bad.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.bad.append(f"{tag} {name}")
            if name == "href" and not (value or "").startswith(("https://", "mailto:", "tel:", "#")):
                self.bad.append(f"href {value}")

    def handle_comment(self, data: str) -> None:
        self.bad.append(f"comment {data}")

    def handle_pi(self, data: str) -> None:
        self.bad.append(f"pi {data}")


def bad_parts(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.bad


def test_there_are_sixty_tricks_and_more() -> None:
    assert len(set(TRICKS)) >= 60


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_leaves_nothing_that_runs_or_leads_astray(trick: str) -> None:
    leaves = Leaves(Report("x.md"), "*[LMS]: Sistema")
    for text in (
        trick,
        f"Antes {trick} después",
        f"- uno {trick}\n- dos",
        f"**{trick}**",
        f"[{trick}](https://a.test)",
    ):
        assert bad_parts(leaves.block(text, 1)) == []
        assert bad_parts(leaves.inline(text, 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "<a " * 20_000,
        "[a](" * 10_000,
        "`" * 20_000,
        "1. " * 6_000,
        "*a " * 9_000,
        "> " * 9_000,
        "![" * 9_000,
        "\\" * 19_000,
        "&" * 19_000,
    ],
)
def test_a_hostile_leaf_is_one_clear_error(text: str) -> None:
    report = Report("x.md")
    assert Leaves(report).block(text, 7) == ""
    assert [(each.code, each.line) for each in report.found] in ([("too-dense", 7)], [("too-deep", 7)])


@pytest.mark.parametrize("mark", ["[", "<", "`", "*", "_", ">", "!", "&", "[a](", "![a](", "**a*", "[^a]"])
def test_as_much_as_is_let_through_is_read_in_time(mark: str) -> None:
    Leaves(Report("x.md")).block(mark * 190, 1)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">%b</svg>'


@pytest.mark.parametrize(
    "inner",
    [
        b"<script>alert(1)</script>",
        b'<rect onload="alert(1)"/>',
        b'<rect ONCLICK="x"/>',
        b"<foreignObject/>",
        b"<iframe/>",
        b'<image href="https://evil.test/x.png"/>',
        b'<use href="https://evil.test/x.svg#a"/>',
        b'<use xlink:href="//evil#a"/>',
        b'<a href="javascript:alert(1)"><text>x</text></a>',
        b'<rect style="fill:url(https://evil.test)"/>',
        b"<style>@import 'x';</style>",
        b"<style>rect{background:url(//evil)}</style>",
        b'<rect fill="url(data:x)"/>',
        b"<animate/>",
        b"<set/>",
        b"<feImage/>",
        b'<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
        b"<unclosed>",
    ],
)
def test_a_picture_that_runs_or_fetches_is_refused(inner: bytes) -> None:
    assert not is_harmless("image/svg+xml", SVG % inner)


@pytest.mark.parametrize(
    "whole",
    [
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b"<?xml-stylesheet href='x'?>" + SVG % b"",
        b"not a picture",
        b"<html></html>",
        b"\xff\xfe",
        b"<svg></svg>",
    ],
)
def test_a_file_that_is_no_plain_svg_is_refused(whole: bytes) -> None:
    assert not is_harmless("image/svg+xml", whole)


def test_a_plain_picture_is_accepted() -> None:
    inner = b'<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><rect fill="url(#g)"/><use href="#g"/><style>rect{fill:red}</style><feBlend/>'
    assert is_harmless("image/svg+xml", SVG % inner)
    assert is_harmless("image/svg+xml", SVG % b'<n:note xmlns:n="urn:editor">made with care</n:note>')
    assert is_harmless("image/png", b"\x89PNG\r\n\x1a\n...")
    assert not is_harmless("image/png", b"GIF89a")


PLACES = {
    "option": "::: unica #q-x\n¿Cuál?\n\n- [x] Uno {}\n  > Sí.\n- [ ] Dos\n  > No.\n:::",
    "feedback": "::: unica #q-x\n¿Cuál?\n\n- [x] Uno\n  > Sí. {}\n- [ ] Dos\n  > No.\n:::",
    "prompt": "::: unica #q-x\nUn caso. {0}\n\n¿Cuál {0}?\n\n- [x] Uno\n  > Sí.\n- [ ] Dos\n  > No.\n:::",
    "pair": "::: relacionar #q-x\nUna.\n\n- a {0} -> b {0}\n- c -> d\n:::",
    "item": "::: ordenar #q-x\nOrdene.\n\n1. a {}\n2. b\n3. c\n:::",
    "callout": "::: nota {}\nTexto.\n:::",
    "details": "::: desplegable {0}\n{0}\n:::",
    "card": "::: tarjetas #fc-x\n- a {0} -> b {0}\n:::",
    "scenario": "::: escenario #e-x Una\n{0}\n\n### A {{#a}}\n{0}\n\n- [A {0}](#f)\n  > b {0}\n\n### F {{#f outcome=good}}\nx\n:::",
    "footnote": "Un dato.[^dos]\n\n[^dos]: *Libro*. {}",
    "heading": "## Título {}",
    "abbreviation": "*[LMS]: {}\n\nUn LMS.",
    "table": "| a | b |\n|---|---|\n| {} | d |",
}
SHORT = [each for each in TRICKS if "\n" not in each][::7]
PLAIN = {"alt", "caption", "title", "id", "term", "name", "file", "summary", "audience"}


def htmls(value: Any, name: str = "") -> Iterator[str]:
    """Every text that pages show as HTML."""
    if is_dataclass(value):
        for each in fields(value):
            shown_as_text = each.name in PLAIN and type(value).__name__ not in ("Callout", "Details")
            yield from () if shown_as_text else htmls(getattr(value, each.name), each.name)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from htmls(inner, name)
    elif isinstance(value, tuple):
        for inner in value:
            yield from htmls(inner, name)
    elif isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("tricks") / "demo-course"))


def loaded_with(shared: Path, file: str, text: str) -> Iterator[str]:
    before = (SAMPLE / file).read_text("utf-8")
    (shared / file).write_text(f"{before}\n{text}\n", "utf-8")
    try:
        course, findings = load(shared)
    finally:
        (shared / file).write_text(before, "utf-8")
    assert course or findings
    return htmls(course)


@pytest.mark.parametrize("place", PLACES)
def test_a_trick_in_any_place_of_a_module_leaves_nothing_bad(shared: Path, place: str) -> None:
    for trick in SHORT:
        found = [bad_parts(html) for html in loaded_with(shared, "es/02-dos.md", PLACES[place].format(trick))]
        assert not any(found), trick


def test_a_trick_in_the_glossary_or_the_about_page_leaves_nothing_bad(shared: Path) -> None:
    for trick in SHORT:
        for file, text in (("es/glossary.md", f"Otro {{#g-otro}}\n: Algo {trick}"), ("es/course.md", f"Algo {trick}")):
            assert not any(bad_parts(html) for html in loaded_with(shared, file, text)), trick


def test_what_is_let_through_of_a_course_is_shown_somewhere(shared: Path) -> None:
    shown = list(loaded_with(shared, "es/02-dos.md", PLACES["callout"].format("`<script>`")))
    assert "<code>&lt;script&gt;</code>" in shown


def test_the_reader_of_these_tests_finds_what_is_bad() -> None:
    for bad in ("<script>x</script>", '<p onclick="x">', '<a href="//x">x</a>', "<!-- x -->", "<?x?>", '<a href="x">'):
        assert bad_parts(bad), bad
    assert bad_parts('<p><a href="#x" class="term">x</a></p>') == []


@pytest.mark.parametrize("text", ["[" * 20_000, "[a](" * 10_000, "1. " * 7_000])
@pytest.mark.parametrize("place", ["option", "callout", "footnote"])
def test_a_hostile_text_in_any_place_is_an_error(shared: Path, place: str, text: str) -> None:
    assert list(loaded_with(shared, "es/02-dos.md", PLACES[place].format(text))) == []


def test_a_link_goes_only_where_it_may() -> None:
    for href in ("https://a.test/x?y=1#z", "mailto:a@b.test", "tel:+50212345678", "#seccion", "term:g-x"):
        report = Report("x.md")
        html = Leaves(report).block(f"[x]({href})", 1)
        assert report.found == []
        assert "href=" in html
    for href in ("http://a.test", "//a.test", "javascript:x", "data:x", "/x", "x.html", "?x", "HTTPS://a.test", ""):
        report = Report("x.md")
        html = Leaves(report).block(f"[x]({href})", 5)
        assert [(each.code, each.line) for each in report.found] == [("link-target", 5)], href
        assert "href=" not in html


def test_a_link_outwards_tells_the_other_site_nothing() -> None:
    html = Leaves(Report("x.md")).block('[x](https://a.test "Un título")', 1)
    assert html == '<p><a href="https://a.test" rel="noopener noreferrer">x</a></p>'


YAML_TRICKS = {
    "anchor": ("minutes: &a 4", "yaml-trick"),
    "alias": ("objectives: [&a x, *a]", "yaml-trick"),
    "merge": ("<<: {minutes: 4}", "unknown-key"),
    "python": ("minutes: !!python/object/apply:os.system [id]", "yaml-trick"),
    "tag": ("minutes: !x 4", "yaml-trick"),
    "twice": ("title: Otro", "repeated-key"),
    "deep": ("minutes: " + "[" * 50 + "]" * 50, "yaml-deep"),
    "very deep": ("minutes: " + "[" * 30_000, "yaml"),
    "long": ("minutes: " + "9" * 70_000, "yaml-too-long"),
    "many keys": ("\n".join(f"k{n}: 1" for n in range(2_000)), "unknown-key"),
    "list key": ("? [a]\n: b", "yaml"),
    "bomb": ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "yaml-trick"),
    "two documents": ("...\n%YAML 1.1", "yaml"),
    "no value": ("minutes: {", "yaml"),
}


@pytest.mark.parametrize("name", YAML_TRICKS)
@pytest.mark.parametrize("file", ["es/01-uno.md", "course.yml"])
def test_a_trick_in_settings_is_told(tmp_path: Path, file: str, name: str) -> None:
    text, code = YAML_TRICKS[name]
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    path = folder / file
    if file == "course.yml":
        text = text.replace("title: Otro", "code: D3M0")
        path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    else:
        path.write_text(path.read_text("utf-8").replace("\nminutes: 4\n", f"\n{text}\n"), "utf-8")
    course, findings = load(folder)
    assert course is None
    assert code in [each.code for each in findings if each.file.endswith(file)]


@pytest.mark.parametrize("value", ["no", "2026-11-24", "12:30", "1e3", "null", "~", "0x1F", "on", "=", "1_000"])
def test_settings_mean_what_they_look_like(tmp_path: Path, value: str) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    path = folder / "es/01-uno.md"
    path.write_text(path.read_text("utf-8").replace("title: Módulo uno", f"title: {value}"), "utf-8")
    course, _ = load(folder)
    assert course
    assert course.editions["es"].modules["m-uno"].title == value
