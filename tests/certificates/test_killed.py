"""The worker killed (`kill -9`) between any two steps of putting a certificate in the place of another: at the next start it
comes to the same: one new certificate, the old one replaced once, and the list says so."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from lms.certificates import pades
from lms.certificates.judgement import REPLACED
from lms.certificates.trust import hashed
from lms.services.certifying import issuing
from lms.storage.database import Database
from tests.certificates.instance import KINDS, Place, make_place, verify

EACH = 1 if os.environ.get("LMS_REQUIRE_AUDIT") else 3
"""In `make test` every third step."""
OTHER = "Otra Pérez"


@pytest.fixture
def replacing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Place, str, str]]:
    """A certificate, and the one that was asked for in its place."""
    place = make_place(tmp_path / "here", monkeypatch)
    old = place.ask(place.person("Ana"))
    assert place.work() == 1
    yield place, old, place.anew(old, OTHER)
    place.database.close()


def copied(place: Place, folder: Path) -> Place:
    """The same installation, elsewhere."""
    place.database.close()
    shutil.copytree(place.settings.instance.parent, folder)
    settings = type(place.settings)(instance=folder / "instance", verify_base=place.settings.verify_base)
    return Place(settings, Database(settings.url), place.pen, place.release, place.patch)


def steps(place: Place, step: Callable[..., object], patch: pytest.MonkeyPatch) -> None:
    """`step` is called before each thing that the worker does: a statement, a commit, a signature, a file."""
    event.listen(place.database.engine, "before_cursor_execute", step)
    event.listen(place.database.engine, "commit", step)

    def first(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def called(*args: object, **values: object) -> object:
            step()
            return real(*args, **values)

        patch.setattr(owner, name, called)

    for owner, name in ((pades, "sign"), (issuing, "verify_pdf"), (os, "fsync"), (os, "open"), (Path, "replace")):
        first(owner, name)


def in_a_process_of_its_own(work: Callable[[], object]) -> int:
    """How a process ended that did this."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(place: Place, last: int) -> bool:
    """Whether the worker got that far, and was killed there."""

    def work() -> None:
        done = 0

        def step(*_: object) -> None:
            nonlocal done
            done += 1
            if done == last:
                os.kill(os.getpid(), signal.SIGKILL)

        with pytest.MonkeyPatch.context() as patch:
            steps(place, step, patch)
            place.work()

    ended = in_a_process_of_its_own(work)
    assert ended in (0, -signal.SIGKILL)
    return ended != 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_worker_killed_between_two_steps_replaces_once(replacing: tuple[Place, str, str], tmp_path: Path) -> None:
    before, old, new = replacing
    (held,) = before.trust.numbers
    last, found = 1, set()
    while True:
        place = copied(before, tmp_path / str(last))
        if not killed_at(place, last):
            break
        state = place.one(old).state, place.one(new).state
        assert state in {("issued", "requested"), ("replaced", "issued")}, last  # never in between
        kept = {kind: place.files(number) for number in (old,) for kind in KINDS}
        found.add((*state, place.trust.numbers == (held,)))
        made = state[1] == "requested"
        assert (place.work(), place.work()) == (int(made), 0)
        check(place, old, new)
        assert {kind: place.files(old) for kind in KINDS} == kept
        place.database.close()
        shutil.rmtree(tmp_path / str(last))
        last += EACH
    check(place, old, new)
    place.database.close()
    assert last > 25
    assert {("issued", "requested", True), ("replaced", "issued", True)} <= found


def check(place: Place, old: str, new: str) -> None:
    """One certificate in the place of one."""
    assert (place.one(old).state, place.one(new).state) == ("replaced", "issued")
    assert (place.one(old).successor, place.one(new).replaces) == (new, old)
    assert place.issued_events() == 2
    (numbers,) = place.trust.numbers
    assert list(numbers.replaced) == [hashed(old)] and not numbers.revoked
    assert not list(place.settings.trust.glob("*.new"))
    assert place.files(new).keys() == place.files(old).keys() == set(KINDS)
    for kind, data in place.files(new).items():
        assert verify(kind, data, place.trust, place.now).outcome == "valid"
    for kind, data in place.files(old).items():
        failed = [each for each in verify(kind, data, place.trust, place.now).checks if not each.passed]
        assert [(each.sentence, each.values["number"]) for each in failed] == [(REPLACED, new)]
