"""The file of an attempt that is taken away: its questions as the page of the test would show them, in each language, under
the attempt's wire keys, and this store's word for whom it is. Nothing in it tells what is right: no author's key, order or
name of a question, and never the seed."""

import json
import re
from typing import Any

from markupsafe import Markup

from lms.certificates.device_key import packed
from lms.content.model import Module
from lms.learning.attempts import AttemptWiring, drawn_questions
from lms.services.common.record import timestamp
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Release
from lms.web.frame.nobody import for_nobody
from lms.web.frame.site import site
from lms.web.learner.patterns import ask, place
from lms.web.learner.shown import question_shown

Ticket = dict[str, Any]
SIGNED = ("attempt", "device", "learner", "course", "release", "module", "expires")
_REFERENCE = re.compile(r' id="r\.[^"]*"')
"""Where a source leads back to: it is named after the question, and there are no sources here."""


def ticket(release: Release, opened: OpenedAttempt) -> Ticket:
    """The file."""
    if opened.expires_at is None:
        raise ValueError("an attempt of the web is no ticket")
    about = {
        "attempt": opened.id,
        "course": opened.course,
        "module": opened.module,
        "release": opened.release,
        "expires": timestamp(opened.expires_at),
        "device": opened.device,
        "learner": opened.learner,
    }
    said = {"vereda": "ticket 1"} | {name: about[name] for name in SIGNED}
    payload = json.dumps(said, separators=(",", ":"))
    signature = packed(site().pen.sign(payload.encode()))
    return {
        **about,
        "store": site().pen.store.id,
        "count": len(opened.drawn),
        "signed": {"payload": payload, "signature": signature},
        "html": {language: _html(release, language, opened) for language in release.course.editions},
    }


def _html(release: Release, language: str, opened: OpenedAttempt) -> str:
    module = release.course.editions[language].modules[opened.module]
    with for_nobody(_spoken(language)):
        return _REFERENCE.sub("", _questions(release, module, opened))


def _questions(release: Release, module: Module, opened: OpenedAttempt) -> str:
    wiring = AttemptWiring(opened.seed)
    shown = [question_shown(each, wiring, {}, None) for each in drawn_questions(module, opened.drawn)]
    many = len(shown)
    return Markup("\n").join(ask(release, module, each, place=place(n, many)) for n, each in enumerate(shown, start=1))


def _spoken(language: str) -> str:
    """The language of the words around the questions: theirs, where the pages have it."""
    languages = site().settings.languages
    return language if language in languages else languages[0]
