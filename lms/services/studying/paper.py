"""On paper: who may print a course, and what stands on the sheet with a given code.

A sheet's code is four characters for the order of everything on it and four for the release it was printed from, so that
its key is found again when the course has been edited since.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from lms.content.model import Module
from lms.i18n import N_
from lms.ids import code, code_of, grouped, typed_code
from lms.learning.paper import PLAIN
from lms.refusals import Refusal
from lms.services.studying.looking import UnknownPage, may_study
from lms.storage.people import Person
from lms.storage.releases import Catalogue, Release, digests_of

PART = 4  # characters


class NoSuchSheet(Refusal):
    """No release of the course has sheets with that code."""

    message = N_(
        "No sheet of this module has this code. Type the 8 letters and digits that stand at the top of the sheet."
    )
    status = 404


class NothingToAsk(Refusal):
    """The module has no questions."""

    message = N_("This module has no questions to print. Go back and choose another one.")
    status = 404


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the release that it was printed from, and its order."""

    release: Release
    order: str

    @property
    def code(self) -> str:
        """What stands on it: `3F7K-9QAB`."""
        return grouped(self.order + _edition(self.release.digest), PART)


def open_course(tx: Connection, catalogue: Catalogue, *, person: Person, course: str) -> Release:
    """The live release, for somebody of the staff or who may study it. Raises UnknownPage, NotEnrolled."""
    release = catalogue.live(tx, course)
    if release is None:
        raise UnknownPage
    if not person.is_staff:
        may_study(tx, release.course, learner=person.id)
    return release


def module_of(catalogue: Catalogue, release: Release, module: str, language: str) -> Module:
    """The module that has or had that id. Raises UnknownPage."""
    modules = release.course.edition(language).modules
    found = modules.get(module) or modules.get(catalogue.lineage(release).now(module))
    if found is None:
        raise UnknownPage
    return found


def new_sheet(release: Release) -> Sheet:
    """A sheet whose order nobody has had."""
    return Sheet(release, code(PART))


def plain_sheet(release: Release) -> Sheet:
    """The sheet whose order a printed module has."""
    return Sheet(release, PLAIN)


def find_sheet(tx: Connection, catalogue: Catalogue, live: Release, typed: str, *, person: Person) -> Sheet:
    """The sheet with that code, of the live release where it names none; learners get no older ones. Raises NoSuchSheet."""
    plain = typed_code(typed)
    order, edition = plain[:PART], plain[PART:]
    if len(plain) == PART or (len(plain) == 2 * PART and edition == _edition(live.digest)):
        return Sheet(live, order)
    digests = digests_of(tx, live.course.id) if person.is_staff and len(plain) == 2 * PART else []
    found = next((digest for digest in digests if _edition(digest) == edition), "")
    release = catalogue.release(tx, found) if found else None
    if release is None:
        raise NoSuchSheet
    return Sheet(release, order)


def translations(release: Release, module: Module) -> list[Module]:
    """The module in the course's other languages."""
    found = [each.modules[module.id] for each in release.course.editions.values() if module.id in each.modules]
    return [each for each in found if each.language != module.language]


def _edition(digest: str) -> str:
    return code_of(bytes.fromhex(digest)[:PART])
