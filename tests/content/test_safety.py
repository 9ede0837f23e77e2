"""Nothing that an author writes can run, load or link to where it must not."""

from html.parser import HTMLParser

import pytest

from lms.content.markdown import ATTRIBUTES, TAGS, Leaves
from lms.content.media import is_harmless
from lms.content.report import Report

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
