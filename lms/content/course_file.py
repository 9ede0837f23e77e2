"""`course.yml`: the facts of a course that are the same in every language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.content.dates import day
from lms.content.fields import ID, Fields, each_end
from lms.content.report import Report, nearest
from lms.content.source import read_text, read_yaml
from lms.content.wording.accepted import Acceptance, read_accepted
from lms.i18n import N_

FORMAT = 1
MAX_NOTE = 600
LINES = ("modules", "completion", "retired", "renamed", "languages", "id", "major", "cover")
"""The keys that later checks speak of."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})*")


@dataclass(frozen=True, slots=True)
class Facts:
    """What course.yml says: `values` are the fields of `model.Course` by name, `modules` every module id in order."""

    values: Mapping[str, Any]
    languages: tuple[str, ...]
    source: str
    modules: tuple[str, ...]
    cover: str
    lines: Mapping[str, int]
    """The lines of the keys that later checks speak of."""
    accepted: tuple[Acceptance, ...] = ()


def read_course_file(path: Path, report: Report) -> Facts | None:
    """The facts in the file, or None with the reason reported."""
    text = read_text(path, report)
    node = read_yaml(text, report) if text is not None else None
    if node is None:
        return None
    fields = Fields(node, report)
    number = fields.whole("format", FORMAT, 1, 999, required=True)
    if number > FORMAT:
        message = N_(
            "“%(name)s”: this course has format %(number)s, and this program reads up to %(known)s. Update it."
        )
        fields.error("format", message, number=number, known=FORMAT)
        return None
    languages, source = _languages(fields)
    modules = fields.texts("modules", required=True)
    _check_ids(fields, "modules", modules)
    values = _values(fields, languages, source, modules)
    cover = fields.text("cover")
    accepted = read_accepted(fields.rows("accepted"))
    lines = {name: fields.line_of(name) for name in LINES}
    fields.end()
    return Facts(
        values=values,
        languages=languages,
        source=source,
        modules=modules,
        cover=cover,
        lines=lines,
        accepted=accepted,
    )


def _languages(fields: Fields) -> tuple[tuple[str, ...], str]:
    source = fields.text("source", "es")
    languages = fields.texts("languages") or (source,)
    for each in (source, *languages):
        if not LANGUAGE.fullmatch(each):
            fields.error("languages", N_("“%(name)s”: a language is a code such as es or en."))
    for place, each in enumerate(languages):
        if each in languages[:place]:
            fields.error("languages", N_("“%(id)s” is named twice."), id=each)
    if source not in languages:
        fields.error("languages", N_("“%(name)s” has to name the source language too."))
    known = tuple(each for each in dict.fromkeys(languages) if LANGUAGE.fullmatch(each))
    return known, source if LANGUAGE.fullmatch(source) else "es"


def _values(fields: Fields, languages: tuple[str, ...], source: str, modules: tuple[str, ...]) -> dict[str, Any]:
    required, certificate = _completion(fields, modules)
    retired = fields.texts("retired")
    _check_ids(fields, "retired", retired)
    public_title = _by_language(fields, "public_title", fields.mapping("public_title"), languages)
    sensitive = fields.flag("sensitive", False)
    if sensitive and not public_title.get(source):
        message = N_("A sensitive course needs “%(name)s”: the title that certificates and browser tabs show.")
        fields.report.error(fields.line_of("sensitive"), "value", message, name="public_title")
    return {
        "format": FORMAT,
        "id": fields.identifier("id"),
        "version": _version(fields),
        "source": source,
        "languages": languages,
        "topics": fields.texts("topics"),
        "code": _code(fields),
        "public_title": public_title,
        "minutes": fields.whole("minutes", 0, 0, 10_000),
        "hours": fields.decimal("hours", 0),
        "level": fields.text("level"),
        "audience": fields.texts("audience"),
        "access": fields.one_of("access", ("open", "enrolled"), "open"),
        "content_warning": _by_language(fields, "content_warning", fields.mapping("content_warning"), languages),
        **_help_note(fields, languages, source),
        "license": fields.text("license"),
        "credits": _credits(fields),
        **_review(fields, languages),
        "sensitive": sensitive,
        "major": fields.whole("major", 1, 1, 999),
        "required": required,
        "certificate": certificate,
        "retired": retired,
        "renamed": fields.mapping("renamed"),
    }


def _help_note(fields: Fields, languages: tuple[str, ...], source: str) -> dict[str, Any]:
    """The note's kind and own text."""
    if not fields.is_mapping("help_note"):
        return {"help_note": fields.one_of("help_note", ("general",), ""), "help_text": {}}
    texts = _by_language(fields, "help_note", fields.mapping("help_note"), languages)
    if source not in texts:
        message = N_("“%(name)s” needs its text in “%(source)s”, the language that the course is written in.")
        fields.error("help_note", message, source=source)
    for text in texts.values():
        if len(text) > MAX_NOTE:
            fields.error("help_note", N_("“%(name)s” has %(most)s characters at most."), most=MAX_NOTE)
    return {"help_note": "own", "help_text": texts}


def _by_language(fields: Fields, name: str, texts: dict[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """A text by language, also in ones that the course itself does not have yet; a slip in a language is reported."""
    for language in texts:
        near = nearest(language, languages)
        if language not in languages and (near or not LANGUAGE.fullmatch(language)):
            fields.report.unknown(
                fields.line_of(name),
                "other-language",
                language,
                languages,
                plain=N_("“%(name)s” is no language: a language is a code such as es or en."),
                guess=N_("“%(name)s” is not a language of this course. Did you mean “%(guess)s”?"),
            )
    return {language: text for language, text in texts.items() if text}


def _completion(fields: Fields, modules: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    completion = fields.inner("completion")
    if completion.is_list("modules"):
        required = completion.texts("modules")
        _check_some(completion, required)
    else:
        required = modules
        _check_some(fields, required)
        if completion.text("modules", "all") != "all":
            completion.error("modules", N_("“%(name)s” is “all”, or a list of module ids."))
    for each in required:
        if each not in modules:
            completion.error("modules", N_("“%(name)s”: there is no module “%(id)s”."), id=each)
    certificate = completion.text("certificate")
    if certificate and certificate not in modules:
        completion.error("certificate", N_("“%(name)s”: there is no module “%(id)s”."), id=certificate)
    completion.end()
    return required, certificate


def _check_some(fields: Fields, modules: tuple[str, ...]) -> None:
    if fields.is_list("modules") and not modules:
        fields.error("modules", N_("“%(name)s” names no module: there is nothing that anybody could complete."))


def _version(fields: Fields) -> str:
    version = fields.text("version", required=True)
    if len(version) > 40:
        fields.error("version", N_("“%(name)s” is a short label of at most 40 characters, such as 2026-11."))
    return version


def _code(fields: Fields) -> str:
    code = fields.text("code", required=True)
    if code and not re.fullmatch(r"[A-Z0-9]{2,8}", code):
        fields.error(
            "code", N_("“%(name)s” has two to eight capital letters and digits that say nothing, such as K7Q2.")
        )
    return code


def _credits(fields: Fields) -> tuple[dict[str, str], ...]:
    return each_end(
        fields.rows("credits"),
        lambda row: {"name": row.text("name", required=True), "role": row.text("role", required=True)},
    )


def _review(fields: Fields, languages: tuple[str, ...]) -> dict[str, Any]:
    """How far specialists have reviewed it, and their roles."""
    review = fields.inner("review")
    status: str = review.one_of("status", ("draft", "expert_reviewed", "official"), "draft")
    on = review.text("on")
    if on and not day(on):
        review.error("on", N_("“%(name)s” is a date such as 2026-11-24."))
    if status != "draft" and not on:
        message = N_(
            "With this status “review” says on which day specialists signed, such as “on: 2026-11-24”. Until they have, it is “draft”."
        )
        review.error("status", message)
    if status == "draft" and on:
        message = N_("For a draft nobody has signed yet. Take “on” away, or it stays there as the day of a signature.")
        review.report.warning(review.line_of("on"), "draft-day", message)
    reviewers = _by_language(review, "by", review.mapping("by"), languages)
    review.end()
    return {"review": {"status": status, "on": on} if on else {"status": status}, "reviewers": reviewers}


def _check_ids(fields: Fields, name: str, ids: tuple[str, ...]) -> None:
    for place, each in enumerate(ids):
        if not ID.fullmatch(each):
            fields.error(name, N_("“%(id)s” is no id: small letters without accents, digits and hyphens."), id=each)
        if each in ids[:place]:
            fields.error(name, N_("“%(id)s” is named twice."), id=each)
