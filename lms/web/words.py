"""What is still missing, in words."""

from lms.i18n import Reader
from lms.learning.standing import ModuleStanding, Standing


def remaining(standing: Standing, reader: Reader) -> str:
    """What a course still asks for: `2 modules and the final test are left. You need about 25 min.`"""
    if standing.complete:
        return reader.gettext("You have completed this course.")
    tests = sum(each.module.kind == "test" for each in standing.missing)
    modules = len(standing.missing) - tests
    said = [_left(modules, tests, reader) % {"n": modules}]
    if standing.minutes_left:
        said.append(reader.gettext("You need about %(n)s min.") % {"n": standing.minutes_left})
    return " ".join(said)


def _left(modules: int, tests: int, reader: Reader) -> str:
    if not modules:
        return reader.gettext("Only the final test is left.")
    if not tests:
        return reader.ngettext("%(n)s module is left.", "%(n)s modules are left.", modules)
    return reader.ngettext(
        "%(n)s module and the final test are left.", "%(n)s modules and the final test are left.", modules
    )


def asked(module: ModuleStanding, reader: Reader) -> list[str]:
    """What one module still asks for, a sentence each."""
    sentences = {
        "quiz": reader.gettext("Reach %(mark)s in its questions; you have %(share)s.")
        % {"mark": reader.percent(module.module.quiz_mark / 100), "share": reader.percent(float(module.share))},
        "end": reader.gettext("Say that you have finished it, at its end."),
        "test": reader.gettext("Pass it."),
    }
    return [sentences[each] for each in module.missing]
