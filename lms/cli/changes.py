"""What a release changes, in sentences for whoever publishes it."""

from collections.abc import Iterator, Sequence

from lms.cli.speech import _, ngettext
from lms.content.changes import Changes
from lms.i18n import NN_

COUNTED = (
    (
        "questions",
        NN_(
            "%(n)s question asks for something else: %(ids)s",
            "%(n)s questions ask for something else: %(ids)s",
        ),
    ),
    ("blocks", NN_("%(n)s block works otherwise: %(ids)s", "%(n)s blocks work otherwise: %(ids)s")),
    ("retired", NN_("%(n)s block is retired: %(ids)s", "%(n)s blocks are retired: %(ids)s")),
    ("added", NN_("%(n)s block is new: %(ids)s", "%(n)s blocks are new: %(ids)s")),
    ("reworded", NN_("the text of %(n)s block changed: %(ids)s", "the text of %(n)s blocks changed: %(ids)s")),
    ("modules_added", NN_("%(n)s module is new: %(ids)s", "%(n)s modules are new: %(ids)s")),
    ("modules_removed", NN_("%(n)s module is gone: %(ids)s", "%(n)s modules are gone: %(ids)s")),
    ("rules", NN_("%(n)s module is judged otherwise: %(ids)s", "%(n)s modules are judged otherwise: %(ids)s")),
    ("languages", NN_("%(n)s language is new: %(ids)s", "%(n)s languages are new: %(ids)s")),
)


def sentences(changes: Changes, learners: int) -> list[str]:
    """The report, a sentence for each thing; at least one when nothing changed."""
    told = list(_told(changes))
    under_way = ngettext("%(n)s person is under way", "%(n)s people are under way", learners) % {"n": learners}
    return [under_way, *told] if told else [under_way, _("nothing changes for them")]


def _told(changes: Changes) -> Iterator[str]:
    for name, message in COUNTED:
        ids: Sequence[str] = getattr(changes, name)
        if ids:
            yield ngettext(*message, len(ids)) % {"n": len(ids), "ids": ", ".join(ids)}
    for old, new in changes.renamed:
        yield _("%(old)s is now called %(new)s") % {"old": old, "new": new}
    for block, module in changes.moved:
        yield _("%(block)s moved to %(module)s") % {"block": block, "module": module}
    if changes.sections:
        n = len(changes.sections)
        yield ngettext("the text of %(n)s section changed", "the text of %(n)s sections changed", n) % {"n": n}
    if changes.completion:
        yield _("completing the course asks for other modules")
    if changes.major:
        yield _("completion begins anew: major %(major)s") % {"major": changes.major}
