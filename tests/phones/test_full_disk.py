"""A phone whose disk is really full: what was called saved outlives it and arrives once; of the rest it is said that it was not
saved."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from lms.learning.events import MODULE_COMPLETED
from tests.phones.conftest import COURSE, Store
from tests.phones.phone import Phone
from tests.phones.test_faults import all_sent, taken_along
from tests.pocket.tour import go

pytestmark = [pytest.mark.audit, pytest.mark.browser, pytest.mark.xdist_group(__name__)]
SIZE = 96 << 20  # room for what Chromium keeps beside, and for the ballast
LEFT = 256 << 10  # what the ballast leaves
REFUSED = 5
ACTS = """async ([course, refusals]) => {
    const said = { saved: [], refused: [] };
    for (let n = 0; n < 400 && said.refused.length < refusals; n += 1) {
        try { said.saved.push((await window.hand.reach("Ana", course, "m-uno", `${n}-${"x".repeat(9000)}`)).id); }
        catch (error) { said.refused.push(window.hand.called(error)); }
    }
    return said;
}"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, taken away at the end. Not every container may have one: then nothing is tested, also where
    tools are asked for, since there is none to install."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"NOT TESTED: a disk that is really full; nothing may be mounted here: {made.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def phone(store: Store, disk: Path) -> Iterator[Phone]:
    """A phone that keeps everything on that disk."""
    made = Phone(disk / "one", store.wire.url)
    yield made
    made.kill()


def fill(ballast: Path) -> None:
    """Nearly nothing more goes onto the disk."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    with ballast.open("r+b") as file:
        file.truncate(ballast.stat().st_size - LEFT)
    assert shutil.disk_usage(ballast).free <= LEFT


@pytest.mark.parametrize("dies", [True, False], ids=["the battery dies", "room is made"])
def test_what_was_saved_outlives_a_full_disk_and_the_rest_was_said_not_to_be(
    store: Store, phone: Phone, disk: Path, dies: bool
) -> None:
    ana = taken_along(phone, "Ana")
    phone.page.reload()
    go(phone.page, f"module/{COURSE}/m-uno")
    phone.airplane()
    phone.do("pending", "Ana")
    fill(disk / "ballast")
    said = phone.page.evaluate(ACTS, [COURSE, REFUSED])
    assert said["refused"] == ["Full"] * REFUSED
    assert said["saved"]
    phone.page.click("[data-end] button")
    phone.page.locator("[data-end] ~ [data-slot=status]", has_text="lleno").wait_for()
    if dies:
        phone.kill()
    (disk / "ballast").unlink()
    if dies:
        phone.open()
    else:
        phone.page.click("[data-end] button")
        phone.page.locator("#pocket-view .notice-good").wait_for()
        phone.airplane(False)
    rows = phone.kept("events")
    assert set(said["saved"]) <= {row["id"] for row in rows}
    assert sorted(row["n"] for row in rows) == list(range(1, len(rows) + 1))
    all_sent(phone, "Ana")
    store.holds(phone.kept("events"))
    assert store.count(ana, MODULE_COMPLETED) == (0 if dies else 1)
