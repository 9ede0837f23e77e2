"""Ids and keys written into an author's files, once and for all, or only listed; nothing that could change a course."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from lms.content.compile import Compiled, compile_course
from lms.content.course_file import read_course_file
from lms.content.diagnostics import Diagnostic
from lms.content.insertion import Insertion, insert
from lms.content.missing import missing
from lms.content.report import Report

HARMLESS = frozenset(
    """
    no-id orphan structure-differs no-alt alt-decorative file-content file-name file-size file-type no-src no-captions
    no-transcript no-anchor same-anchor no-term glossary glossary-link same-term term-id no-reference unused-reference
    same-reference reference-name raw-html link-target link-in-test heading-level no-title no-prompt empty-block
    empty-step points pool no-pool pool-not-drawn pool-outside-test poll-place scenario-place steps ends value
    missing-key unknown-key certificate review question-place number long-answer form-too-long other-language renamed
    """.split()
)
"""Errors that say nothing about where blocks and options begin. With any other one nothing is written."""
HIDDEN_BEFORE = frozenset({"structure-differs", "orphan"})
"""Errors that show only once every block has its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a course lacks (`missing`), or got (`written`); `refused`: what has to be mended first."""

    folder: Path
    outcome: Literal["whole", "missing", "written", "refused", "unsafe"]
    insertions: Sequence[Insertion] = ()
    diagnostics: Sequence[Diagnostic] = ()


def identify(folder: Path, *, write: bool) -> Identified:
    """The missing ids and keys of the course in that folder; with `write` they are in its files afterwards."""
    compiled = compile_course(folder)
    in_the_way = [each for each in compiled.diagnostics if each.severity == "error" and each.code not in HARMLESS]
    facts = read_course_file(folder / "course.yml", Report(""))
    if in_the_way or facts is None:
        return Identified(folder=folder, outcome="refused", diagnostics=in_the_way)
    found = missing(folder, facts, _proposed(compiled))
    told = Identified(folder=folder, outcome="whole", insertions=found.insertions, diagnostics=found.unpaired)
    if not found.insertions:
        return told
    try:
        texts = dict(_written(folder, found.insertions))
    except ValueError:
        return Identified(folder=folder, outcome="unsafe")
    if not _changes_nothing(folder, texts, compiled):
        return Identified(folder=folder, outcome="unsafe")
    if write:
        for file, text in texts.items():
            (folder / file).write_bytes(text)
    return Identified(
        folder=folder,
        outcome="written" if write else "missing",
        insertions=found.insertions,
        diagnostics=found.unpaired,
    )


def _proposed(compiled: Compiled) -> dict[tuple[str, int], str]:
    """The ids that checking proposed, by file and line."""
    return {
        (each.file.partition("/")[2], each.line): str(each.values["id"])
        for each in compiled.diagnostics
        if each.code == "no-id"
    }


def _written(folder: Path, insertions: Sequence[Insertion]) -> Iterator[tuple[str, bytes]]:
    """Each file that changes, with its new bytes. Raises ValueError where a place can't be found."""
    for file, group in groupby(sorted(insertions, key=lambda each: each.file), key=lambda each: each.file):
        yield file, insert((folder / file).read_bytes(), group)


def _changes_nothing(folder: Path, texts: Mapping[str, bytes], before: Compiled) -> bool:
    """Whether a copy of the course with these files is the same course, with no error that it did not have."""
    with TemporaryDirectory() as place:
        copy = Path(shutil.copytree(folder, Path(place) / folder.name, copy_function=_link))
        for file, text in texts.items():
            (copy / file).unlink()
            (copy / file).write_bytes(text)
        after = compile_course(copy)
    same = before.course_json is None or before.course_json == after.course_json
    return same and _errors(after) <= _errors(before)


def _errors(compiled: Compiled) -> set[tuple[str, int, str]]:
    return {
        (each.file, each.line, each.code)
        for each in compiled.diagnostics
        if each.severity == "error" and each.code not in HIDDEN_BEFORE
    }


def _link(source: str, target: str) -> str:
    """The file under another name where that can be done, else a copy of it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
