"""What templates may use beside what their view gives them."""

import re
from functools import cache
from typing import Any
from zlib import crc32

from flask import Flask, url_for
from jinja2.ext import Extension
from markupsafe import Markup
from werkzeug.local import LocalProxy

from lms.content.dates import day
from lms.content.drawing import drawing
from lms.content.model import Course, Edition, Module
from lms.content.plain import plain_words
from lms.i18n import N_, spoken, translations
from lms.web.assets import BUILT
from lms.web.frame import look, marks, shared, words
from lms.web.frame.gate import here as current_address
from lms.web.frame.locale import reader
from lms.web.frame.session import person
from lms.web.frame.site import Site, site

ICONS, ART = BUILT / "icons", BUILT / "art"
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
TINTS = 5
"""How many tints the stylesheet has."""


class Flush(Extension):
    """Templates are indented for who reads them, not for who has to load their pages."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source without its indentation."""
        return INDENTATION.sub("", source)


def install(app: Flask) -> None:
    """Filters and globals of every template."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Flush)
    app.jinja_env.filters["plain"] = plain_words
    app.jinja_env.filters["leaf"] = Markup  # sanitised when the course was compiled
    app.jinja_env.filters["day"] = lambda text: day(text or "")
    app.jinja_env.filters["tint"] = tint
    app.jinja_env.filters["unbroken"] = lambda code: code.replace("-", "-\u2060")  # no line ends within it
    app.jinja_env.filters["commands"] = commands
    app.jinja_env.filters["parted"] = parted
    app.jinja_env.filters["license_name"] = license_name
    app.jinja_env.filters["verify_notice"] = verify_notice
    here: Site = app.extensions["lms"]
    app.jinja_env.globals.update(
        icon=icon,
        emblem=emblem,
        art=art,
        csrf_field=csrf_field,
        marks=marks,
        settings=LocalProxy(lambda: here.settings),
        static=here.assets.url,
        looks=look.CHOICES,
        look=look,
        here=current_address,
        remaining=lambda standing: words.remaining(standing, reader()),
        asked=lambda module: words.asked(module, reader()),
        lasting=lambda minutes: words.lasting(minutes, reader()),
        credited=credited,
    )
    shared.install(app)
    app.context_processor(lambda: {"person": person()})


@cache
def icon(name: str) -> Markup:
    """An icon drawn in the colour of the text around it; it says nothing to a screen reader."""
    return _drawn(name, "icon", "0 0 24 24")


@cache
def emblem() -> Markup:
    """The program's own mark, in its own colours."""
    return _drawn("favicon", "emblem", "0 0 32 32")


def _drawn(name: str, kind: str, box: str) -> Markup:
    drawn = (ICONS / f"{name}.svg").read_text("utf-8")
    inner = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")].strip()
    frame = Markup('<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>')
    return frame.format(kind, box, Markup(inner))  # noqa: S704 - a file of our own


def tint(course: str) -> str:
    """The class of a course's quiet tint, by its id."""
    return f"tint-{crc32(course.encode()) % TINTS + 1}"


@cache
def art(name: str) -> Markup:
    """One of the program's own illustrations, drawn by the rules that authors' are."""
    return Markup(drawing((ART / f"{name}.svg").read_bytes()))  # noqa: S704 - written by `drawing`


def commands(sentence: str) -> Markup:
    """A sentence of ours, with what is to be typed at a terminal marked as that."""
    parts = sentence.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts))


def parted(text: str, after: str = "/") -> Markup:
    """An address, or what is like one, that ends its lines after a slash where it is too long for one."""
    return Markup("{}<wbr>").format(after).join(text.split(after))


def verify_notice(language: str) -> Markup:
    """The link that says of a source, in that language where it is translated, that it depends on the country."""
    catalogues = site().settings.catalogues
    said = spoken(language, catalogues)
    words = translations(said, catalogues).gettext(N_("check in your country"))
    other = "" if said == language else _lang(said)
    return Markup('<a class="verify" href="{}"{}>{}</a>').format(url_for("help.country"), other, words)


def credited(course: Course) -> list[Markup]:
    """Who did what for a course: each name as it is written, its roles in the reader's language where they are usual."""
    said = Markup("<span{}>{}</span>")
    roles: dict[str, list[str]] = {}
    for credit in course.credits:
        role = words.role(credit["role"], reader()) or said.format(_pair(course.source)[0], credit["role"])
        roles.setdefault(credit["name"], []).append(role)
    return [
        Markup("{} ({})").format(said.format(_pair(course.source)[0], name), Markup(", ").join(done))
        for name, done in roles.items()
    ]


def license_name(spdx: str) -> str:
    """A licence as people write it: `CC BY-SA 4.0` for `CC-BY-SA-4.0`."""
    return re.sub(r"^CC-(.+)-(\d\.\d)$", r"CC \1 \2", spdx)


def csrf_field() -> Markup:
    """The hidden field that every form carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(marks.CSRF)


def spoken_in(spoken: Edition | Module, language: str = "") -> dict[str, Any]:
    """`lang` attributes for a template that mixes a course's words (`course_lang`) with the interface's
    (`reader_lang`): empty where both speak the same. `said_in` and `read_in` give the same two for one block, which may
    be borrowed from another language; `language` is that of a stretch that is."""
    said, read = _pair(language or spoken.language)
    return {
        "course_lang": said,
        "reader_lang": read,
        "said_in": lambda block: _pair(block.language or spoken.language)[0],
        "read_in": lambda block: _pair(block.language or spoken.language)[1],
    }


def _pair(language: str) -> tuple[Markup, Markup]:
    if language == reader().language:
        return Markup(""), Markup("")
    return _lang(language), _lang(reader().language)


def _lang(language: str) -> Markup:
    return Markup(' lang="{}"').format(language)
