"""Several who change the lists of one installation at once: the worker, a command, another command."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from lms.certificates import keys, lists, shelf
from lms.certificates.keys import Issuer
from lms.certificates.shelf import Shelf
from lms.certificates.trust import AnyList, KeysList, ReceivedList, Trust
from tests.conftest import NOW

HOLDER = """
import sys, time
from pathlib import Path
from lms.certificates.protection import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def place(tmp_path: Path, keys_folder: Path) -> Shelf:
    made = Shelf(tmp_path / "trust", keys_folder / "root.pem")
    made.take((keys_folder / "list.json").read_bytes())
    return made


@pytest.fixture
def newer(keys_folder: Path) -> list[KeysList]:
    """The root's next lists."""
    root = keys.load_authority(keys_folder)
    assert root.book
    sign = (root.book.entries, root.key, root.certificate, root.badge_key)
    return [lists.sign_keys(*sign, version=version, now=NOW) for version in (2, 3)]


def test_an_older_list_that_is_slow_takes_no_newer_ones_place(
    place: Shelf, newer: list[KeysList], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared, go_on, read = Event(), Event(), lists.read

    def slowly(data: bytes, trust: Trust) -> AnyList:
        found = read(data, trust)
        if found.version == 2:
            compared.set()
            assert go_on.wait(60)
        return found

    monkeypatch.setattr(shelf.lists, "read", slowly)
    old, new = (Thread(target=place.take, args=(each.raw,)) for each in newer)
    old.start()
    assert compared.wait(60)
    new.start()
    new.join(0.3)
    go_on.set()
    for each in (old, new):
        each.join(60)
    assert [each.version for each in place.load().keys] == [3]


def test_what_several_add_at_once_is_all_there(place: Shelf, issuer: Issuer) -> None:
    def add(name: str) -> None:
        def made(trust: Trust) -> ReceivedList:
            held = next(iter(trust.received), None)
            days, version = {**(held.days if held else {}), name: NOW.date()}, lists.next_version(held, NOW)
            entry = trust.issuer(issuer.kid)
            assert entry
            return lists.sign_received(entry, issuer.key, of=issuer.kid, days=days, version=version, now=NOW)

        place.renew(made)

    names = [f"{each:022}" for each in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, names))
    assert sorted(place.load().received[0].days) == names


def test_another_process_waits_and_one_that_is_killed_keeps_nobody_waiting(place: Shelf, newer: list[KeysList]) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(place.folder)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        waits = Thread(target=place.take, args=(newer[0].raw,))
        waits.start()
        waits.join(0.3)
        assert [each.version for each in place.load().keys] == [1]
    finally:
        holder.kill()
        holder.communicate()
    waits.join(60)
    assert [each.version for each in place.load().keys] == [2]
