"""What is still missing, in words."""

from fractions import Fraction

from lms.i18n import N_, Reader
from lms.learning.paper import Keyed
from lms.learning.standing import ModuleStanding, Standing

ROLES = {
    "autoría": N_("writing"),
    "ilustración": N_("illustrations"),
    "ilustraciones": N_("illustrations"),
    "fotografía": N_("photographs"),
    "locución": N_("voice"),
    "traducción": N_("translation"),
    "revisión": N_("review"),
    "edición": N_("editing"),
    "coordinación": N_("coordination"),
    "diseño": N_("design"),
}
"""The usual roles in credits, as courses name them in Spanish or in English."""


def role(name: str, reader: Reader) -> str:
    """What somebody did for a course, in the reader's language; empty where it is none of the usual roles."""
    said = name.strip().casefold()
    usual = ROLES.get(said) or next((each for each in ROLES.values() if each == said), "")
    return reader.gettext(usual) if usual else ""


def lasting(minutes: int, reader: Reader) -> str:
    """About how long: `about 25 min`, from an hour up `about 1 h 40 min`, rounded to five minutes."""
    hours, rest = divmod(5 * round(minutes / 5), 60) if minutes >= 60 else (0, minutes)
    if not hours:
        return reader.gettext("about %(n)s min") % {"n": rest}
    said = reader.gettext("about %(hours)s h %(n)s min") if rest else reader.gettext("about %(hours)s h")
    return said % {"hours": hours, "n": rest}


def remaining(standing: Standing, reader: Reader) -> str:
    """What a course still asks for: `2 modules and the final test are left. You need about 25 min.`"""
    if standing.complete:
        return reader.gettext("You have completed this course.")
    tests = sum(each.module.kind == "test" for each in standing.missing)
    modules = len(standing.missing) - tests
    said = [_left(modules, tests, reader) % {"n": modules}]
    if standing.minutes_left:
        said.append(reader.gettext("You need %(time)s.") % {"time": lasting(standing.minutes_left, reader)})
    return " ".join(said)


def _left(modules: int, tests: int, reader: Reader) -> str:
    if not modules:
        return reader.gettext("Only the final test is left.")
    if not tests:
        return reader.ngettext("%(n)s module is left.", "%(n)s modules are left.", modules)
    return reader.ngettext(
        "%(n)s module and the final test are left.", "%(n)s modules and the final test are left.", modules
    )


def marking(keyed: Keyed, reader: Reader) -> list[str]:
    """How a question on paper is marked by hand, a sentence each; what comes out is what the program would give."""
    kind, points = keyed.asked.kind, keyed.asked.points
    whole = reader.ngettext("%(n)s point", "%(n)s points", points) % {"n": points}
    said = {"whole": whole, "piece": _points(keyed.piece, reader)}
    if kind in ("single", "true-false"):
        rule = reader.gettext("The right letter and no other: %(whole)s; else nothing.")
    elif kind in ("short", "numeric"):
        rule = reader.gettext("An answer that counts: %(whole)s; else nothing.")
    elif keyed.scoring == "all":
        rule = reader.gettext("Everything right: %(whole)s; else nothing.")
    elif kind == "multiple":
        rule = reader.gettext(
            "Points for each right letter: %(piece)s. Each wrong letter takes as many away, never below 0."
        )
    else:
        rule = reader.gettext("Points for each right one: %(piece)s.")
    return [rule % said, *_conditions(keyed, reader)]


def _conditions(keyed: Keyed, reader: Reader) -> list[str]:
    """What else decides whether an answer counts."""
    said = []
    if keyed.asked.kind == "order":
        said.append(reader.gettext("With a place empty or a letter twice it earns nothing."))
    if keyed.asked.kind == "numeric":
        said.append(reader.gettext("Decimal comma or point, as the person likes."))
    if keyed.match:
        said.append(reader.gettext("Capitals, spaces and a full stop at the end make no difference."))
        loose = reader.gettext("Accents make none either, but ñ is not n.")
        said.append(loose if keyed.match == "loose" else reader.gettext("Accents count."))
    return said


def _points(value: Fraction, reader: Reader) -> str:
    """`0.5`, or `2/3` where decimals would not be exact."""
    return reader.number(float(value)) if 100 % value.denominator == 0 else str(value)


def asked(module: ModuleStanding, reader: Reader) -> list[str]:
    """What one module still asks for, a sentence each."""
    sentences = {
        "quiz": reader.gettext("Reach %(mark)s in its questions; you have %(share)s.")
        % {"mark": reader.percent(module.module.quiz_mark / 100), "share": reader.percent(float(module.share))},
        "end": reader.gettext("Say that you have finished it, at its end."),
        "test": reader.gettext("Pass it."),
    }
    return [sentences[each] for each in module.missing]
