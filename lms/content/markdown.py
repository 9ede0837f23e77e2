"""Leaves: a paragraph, a list, a table of Markdown as sanitised HTML. The one place that runs Python-Markdown and nh3.

Python-Markdown takes more than linear time on hostile text, so a leaf with too many brackets is refused before it.
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from lms.content.report import Report
from lms.i18n import N_

MAX_LEAF = 20_000  # characters
MAX_SPECIAL = {"[": 200, "]": 200, "<": 200, "`": 200, "*": 600, "_": 600, ">": 400, "&": 400, "!": 400, "\\": 400}
EXTENSIONS = ["def_list", "sane_lists", "abbr", "tables"]
TAGS = set("p br strong em a ul ol li blockquote code pre div table thead tbody tr th td hr sup dl dt dd abbr".split())
ATTRIBUTES = {
    "a": {"href", "class", "rel"},
    "sup": {"class"},
    "div": {"class", "tabindex"},
    "th": {"class"},
    "td": {"class"},
    "abbr": {"title"},
    "ol": {"start"},
}
CLASSES = {"term", "ref", "table", "center", "right", "left"}
OUTWARD = ("https://", "mailto:", "tel:")
_INNER = re.compile(r"#[a-z0-9-]{1,80}")
_RAW_HTML = re.compile(r"<(?!https?://|mailto:)/?[a-zA-Z][^>]*>?|<!--|<[!?]")
_PLAIN = re.compile(
    r"(?![\d:=+ -])(?:[^\W_]|[ ,;:.¿?¡!«»“”‘’\"'()–—…%/+°ªº$€@=-]|(?<!^)\[\^[a-z0-9-]{1,64}\](?![:(\[]))+"
)
"""A line of which Markdown makes nothing but references `[^x]`. Most options and reasons are such lines."""
_REFERENCE = re.compile(r"\[\^([a-z0-9-]{1,64})\]")
_ANSWER = re.compile(r"(?<!\\)\[\s{0,3}[xX✓✔]?\s{0,3}\](?![(:])")
_LISTED = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s", re.MULTILINE)
_GAP = re.compile(r"(?<!\\)\[\[")
_CODE = re.compile(r"(`+).+?\1")


@dataclass(slots=True)
class Uses:
    """What the leaves of one file refer to, each with the line of its first use."""

    footnotes: dict[str, int] = field(default_factory=dict)
    """In the order of first use, which numbers them."""
    terms: dict[str, int] = field(default_factory=dict)
    anchors: dict[str, int] = field(default_factory=dict)


class Leaves:
    """Renders the leaves of one file and remembers what they refer to."""

    def __init__(self, report: Report, abbreviations: str = "") -> None:
        self.report = report
        self.uses = Uses()
        self._abbreviations = abbreviations
        self._line, self._text = 0, ""
        self._markdown = _markdown(self)

    def block(self, text: str, line: int) -> str:
        """The HTML of a stretch of Markdown that begins at that line; empty, with the reason reported, if refused."""
        if not self._is_bearable(text, line):
            return ""
        self._line, self._text = line, text
        self._find_strays(text, line)
        source = f"{text}\n\n{self._abbreviations}" if self._abbreviations else text
        try:
            html = self._markdown.reset().convert(source)
        except RecursionError:
            self.report.error(line, "too-deep", N_("Lists or quotes are nested too deep here. Make them flatter."))
            return ""
        return _clean(html)

    def inline(self, text: str, line: int) -> str:
        """The HTML of a text that stands within another element: one paragraph, without its `<p>`."""
        if not self._abbreviations and len(text) < MAX_LEAF and _PLAIN.fullmatch(text):
            self._line, self._text = line, text
            return _REFERENCE.sub(self._reference, " ".join(text.split()))
        html = self.block("\n".join(" ".join(each.split()) for each in text.split("\n")), line)
        if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
            return " ".join(html[3:-4].split("\n"))
        if html:
            message = N_("This has to be plain text in one paragraph: no list, heading, quote or table.")
            self.report.error(line, "not-inline", message)
        return ""

    def _reference(self, found: re.Match[str]) -> str:
        return f'<sup class="ref"><a href="#fn-{found[1]}">[{self.note_footnote(found[1])}]</a></sup>'

    def note_footnote(self, name: str) -> int:
        """The number of a footnote, by its first use in the file."""
        self.uses.footnotes.setdefault(name, self.line_of(f"[^{name}]"))
        return list(self.uses.footnotes).index(name) + 1

    def line_of(self, *needles: str) -> int:
        """The line of the leaf at hand where the first of these texts stands that it has."""
        place = next((found for needle in needles if (found := self._text.find(needle)) >= 0), 0)
        return self._line + self._text[:place].count("\n")

    def _is_bearable(self, text: str, line: int) -> bool:
        special = next((mark for mark, most in MAX_SPECIAL.items() if text.count(mark) > most), "")
        if special:
            message = N_("This paragraph has too many “%(mark)s” to be read. Split it with blank lines.")
            self.report.error(line, "too-dense", message, mark=special)
        elif len(text) > MAX_LEAF:
            self.report.error(line, "too-long", N_("This stretch of text is too long. Split it with headings."))
        return not special and len(text) <= MAX_LEAF

    def _find_strays(self, text: str, line: int) -> None:
        """Reports what would be shown as it is typed: HTML, and marks of answers and gaps outside their place."""
        code = None if _LISTED.search(text) else "    "  # what is indented within a list is no code
        for place, each in enumerate(text.split("\n")):
            plain = _CODE.sub("", each)
            html = None if code and each.startswith(code) else _RAW_HTML.search(plain)
            answer, gap = _ANSWER.search(plain), _GAP.search(plain)
            if html:
                message = N_("HTML such as “%(html)s” is not used here. Write Markdown; for a plain “<” write “&lt;”.")
                self.report.error(line + place, "raw-html", message, html=html[0][:20])
                return
            if gap:
                message = N_("A gap “[[…]]” shows its answer here. Is “::: blanks” missing before it?")
                self.report.error(line + place, "gap-outside", message)
            elif answer:
                message = N_(
                    "“%(mark)s” would be shown as it is. An answer opens its line inside a question: “- [x] …”."
                )
                self.report.error(line + place, "answer-outside", message, mark=answer[0])


def _markdown(leaves: Leaves) -> markdown.Markdown:
    settings = {"tables": {"use_align_attribute": True}}  # `_Check` makes a class of it: a style would break the CSP
    made = markdown.Markdown(extensions=EXTENSIONS, extension_configs=settings, output_format="html")
    made.preprocessors.deregister("html_block")
    made.inlinePatterns.deregister("html")
    made.inlinePatterns.register(_FootnoteReference(r"\[\^([^\]\s]{1,64})\]", made, leaves), "footnote", 175)
    made.treeprocessors.register(_Check(made, leaves), "check", 0)
    return made


class _FootnoteReference(InlineProcessor):
    def __init__(self, pattern: str, md: markdown.Markdown, leaves: Leaves) -> None:
        super().__init__(pattern, md)
        self.leaves = leaves

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        name = m[1]
        sup = Element("sup", {"class": "ref"})
        link = Element("a", {"href": f"#fn-{name.lower()}"})
        link.text = f"[{self.leaves.note_footnote(name)}]"
        sup.append(link)
        return sup, m.start(0), m.end(0)


class _Check(Treeprocessor):
    """Looks at every link and image of a leaf; writes what our pages need."""

    def __init__(self, md: markdown.Markdown, leaves: Leaves) -> None:
        super().__init__(md)
        self.leaves = leaves

    def run(self, root: Element) -> None:
        references = {child for sup in root.iter("sup") for child in sup}
        for element in list(root.iter()):
            if element.tag == "a" and element not in references:
                self._link(element)
            elif element.tag == "img":
                self._image(element)
            elif element.tag in ("th", "td") and element.get("align"):
                element.set("class", element.attrib.pop("align"))
            elif element.tag == "table":
                _wrap(element, next(parent for parent in root.iter() if element in list(parent)))
            elif re.fullmatch(r"h[1-6]", element.tag):
                self._heading(element)

    def _link(self, element: Element) -> None:
        href = element.get("href", "")
        element.attrib.pop("title", None)
        line = self.leaves.line_of(f"({href}", href)
        if href.startswith("term:"):
            term = href.removeprefix("term:")
            self.leaves.uses.terms.setdefault(term, line)
            element.attrib.update({"href": f"#{term}", "class": "term"})
        elif _INNER.fullmatch(href):
            self.leaves.uses.anchors.setdefault(href[1:], line)
        elif href.startswith(OUTWARD):
            if href.startswith("https"):
                element.set("rel", "noopener noreferrer")
        else:
            message = N_("A link goes to https://…, mailto:…, tel:…, #section or term:g-word. This one goes elsewhere.")
            self.leaves.report.error(line, "link-target", message)

    def _image(self, element: Element) -> None:
        line = self.leaves.line_of(element.get("src", ""))
        message = N_("A picture stands alone on its line, with a blank line before and after, outside questions.")
        self.leaves.report.error(line, "picture-place", message)

    def _heading(self, element: Element) -> None:
        text = "".join(element.itertext())[:40]
        message = N_("This heading can't stand here: put “## %(text)s” on a line of its own, outside questions.")
        self.leaves.report.error(self.leaves.line_of(text), "heading-place", message, text=text)


def _wrap(table: Element, parent: Element) -> None:
    place = list(parent).index(table)
    frame = Element("div", {"class": "table", "tabindex": "0"})
    parent.remove(table)
    parent.insert(place, frame)
    frame.append(table)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    ).strip()


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "class" and value not in CLASSES:
        return None
    if name == "href" and not (value.startswith(OUTWARD) or re.fullmatch(r"#[\w-]{1,80}", value)):
        return None
    fixed = {"rel": "noopener noreferrer", "tabindex": "0"}
    return value if fixed.get(name, value) == value else None
