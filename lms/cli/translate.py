"""`lms translate`: how far a course's translations are, and which texts agree."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from lms.cli.check import no_course, print_diagnostics
from lms.cli.speech import SpokenGroup, _, ngettext
from lms.config import Settings
from lms.content.compile import compile_course
from lms.content.lock import Lock, Made, read_lock, write_lock
from lms.content.report import Report, nearest
from lms.content.translation import STATES, UnitState
from lms.i18n import N_
from lms.services.running.publish import course_folders

NAMES = {
    "ok": N_("up to date"),
    "unreviewed": N_("not reviewed"),
    "stale": N_("made from an older text"),
    "missing": N_("missing"),
    "orphan": N_("only in the translation"),
    "structure-differs": N_("another structure"),
}
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(cls=SpokenGroup)
def command() -> None:
    """Translations: status, accept."""


@command.command()
@click.argument("path", required=False, type=FOLDER)
@click.option("--lang", help=N_("Only this language of the course."))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help=N_("How to print them."))
def status(path: Path | None, lang: str | None, form: str) -> None:
    """Show how far the translations of every course of PATH are: counts for each module, then each unit to work on.

    Exit 1 when a translation has another structure than its source; such a course is not published.

    Example: lms translate status courses_content/trata-de-personas --lang en
    """
    where = path or Settings.load().courses
    folders = course_folders(where)
    if not folders:
        raise no_course(where)
    found = {folder.name: _states(folder, lang) for folder in folders}
    if form == "json":
        rows = [{"course": name, **asdict(state)} for name, states in found.items() for state in states]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for name, states in found.items():
            _print(name, states)
    if any(state.state == "structure-differs" for states in found.values() for state in states):
        raise SystemExit(1)


@command.command()
@click.argument("path", type=FOLDER)
@click.option("--lang", required=True, help=N_("The language of the translation."))
@click.argument("units", nargs=-1)
def accept(path: Path, lang: str, units: tuple[str, ...]) -> None:
    """Record that UNITS of a course's translation, by default all that can be, say what the source says today.

    Example: lms translate accept courses_content/trata-de-personas --lang en q-senales
    """
    if course_folders(path) != [path]:
        raise no_course(path)
    states = {state.id: state for state in _states(path, lang)}
    if not states:
        raise click.ClickException(_("This course has no translation into “%(language)s”.") % {"language": lang})
    for unit in units:
        _check(unit, states)
    chosen = [states[unit] for unit in dict.fromkeys(units)] or [each for each in states.values() if each.acceptable]
    made = {(lang, state.id): Made(state.source, state.own) for state in chosen}
    write_lock(path, {**_kept(path, lang, states), **made})
    click.echo(ngettext("%(n)s unit recorded.", "%(n)s units recorded.", len(made)) % {"n": len(made)})


def _states(folder: Path, language: str | None) -> list[UnitState]:
    """The state of every unit of that language or of all; a course that can't be read is told and ends the command."""
    compiled = compile_course(folder)
    if not compiled.states and compiled.course_json is None:
        print_diagnostics([each for each in compiled.diagnostics if each.severity == "error"])
        raise SystemExit(1)
    return [state for state in compiled.states if language in (None, state.language)]


def _kept(folder: Path, language: str, states: Mapping[str, UnitState]) -> Lock:
    """What the lock records already, without units of this language that are gone."""
    lock = read_lock(folder, Report(folder.name))
    return {key: made for key, made in lock.items() if key[0] != language or key[1] in states}


def _check(unit: str, states: Mapping[str, UnitState]) -> None:
    """Nothing, when the unit can be recorded. Raises ClickException."""
    if unit not in states:
        near = nearest(unit, states)
        sentence = (
            _("There is no unit “%(unit)s”. Did you mean “%(guess)s”?") if near else _("There is no unit “%(unit)s”.")
        )
        raise click.ClickException(sentence % {"unit": unit, "guess": near})
    if not states[unit].acceptable:
        sentence = _("“%(unit)s” can't be recorded: %(state)s.")
        raise click.ClickException(sentence % {"unit": unit, "state": _(NAMES[states[unit].state])})


def _print(course: str, states: Sequence[UnitState]) -> None:
    if not states:
        click.echo(_("%(course)s: no translation.") % {"course": course})
    for language, group in groupby(states, key=lambda state: state.language):
        units = list(group)
        click.echo(f"{course} · {language} · {_counts(units)}")
        for module, counts in _by_module(units):
            click.echo(f"  {module}: {counts}")
        for each in units:
            if each.state != "ok":
                _print_unit(course, each)


def _by_module(units: Sequence[UnitState]) -> Iterator[tuple[str, str]]:
    """Each module's name with its counts, in the course's order; the terms last."""
    modules: dict[str, list[UnitState]] = {}
    for each in units:
        modules.setdefault(each.module, []).append(each)
    for name, within in sorted(modules.items(), key=lambda each: not each[0]):
        yield name or _("glossary"), _counts(within)


def _counts(units: Sequence[UnitState]) -> str:
    counted = Counter(each.state for each in units)
    return ", ".join(f"{_(NAMES[state])} {counted[state]}" for state in STATES if counted[state])


def _print_unit(course: str, unit: UnitState) -> None:
    click.echo(f"{course}/{unit.file}:{unit.line}: {_(NAMES[unit.state])}: {unit.id}")
