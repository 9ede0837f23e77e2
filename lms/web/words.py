"""What is still missing, in words."""

from lms.i18n import Reader
from lms.learning.standing import ModuleStanding, Standing


def remaining(standing: Standing, reader: Reader) -> str:
    """What a course still asks for, in one line: `2 modules and the final test are left · about 25 min`."""
    if standing.complete:
        return reader.gettext("You have completed this course.")
    tests = sum(each.module.kind == "test" for each in standing.missing)
    modules = len(standing.missing) - tests
    parts = []
    if modules:
        parts.append(reader.ngettext("%(n)s module left", "%(n)s modules left", modules) % {"n": modules})
    if tests:
        parts.append(
            reader.gettext("the final test left") if modules else reader.gettext("Only the final test is left")
        )
    if standing.minutes_left:
        parts.append(reader.gettext("about %(n)s min") % {"n": standing.minutes_left})
    return " · ".join(parts)


def asked(module: ModuleStanding, reader: Reader) -> list[str]:
    """What one module still asks for, a sentence each."""
    sentences = {
        "quiz": reader.gettext("Reach %(mark)s in its questions; you have %(share)s.")
        % {"mark": reader.percent(module.module.quiz_mark / 100), "share": reader.percent(float(module.share))},
        "end": reader.gettext("Say that you have finished it, at its end."),
        "test": reader.gettext("Pass it."),
    }
    return [sentences[each] for each in module.missing]
