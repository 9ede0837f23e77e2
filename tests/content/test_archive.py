"""Whatever an archive holds, it becomes a course's folder or nothing, and never touches anything else."""

import os
import random
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lms.content import archive as unpacking
from lms.content import archive_reader as reader
from lms.content.archive import Unpacked, unpack, unpack_apart
from lms.content.archive_names import readable
from lms.content.archive_refusals import SENTENCES, Refused, shown
from lms.content.course import load
from lms.content.media import TYPES
from tests.content.archives import COURSE_TRICKS, HOSTILE, tricky
from tests.content.zipping import (
    DEFLATED,
    DOS,
    FOLLOWS,
    GOOD,
    SAMPLE,
    STORED,
    Part,
    archive,
    course,
    follows,
    packed,
    part,
    with_,
)
from tests.tools import require

AUDIT = bool(os.environ.get("LMS_REQUIRE_AUDIT"))
ROUNDS = 20_000 if AUDIT else 2_000
SHARES = 2  # one for each worker


class Box:
    """A folder to unpack in, with things around it that must not change."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.archive, self.staging = folder, folder / "staging/archive.zip", folder / "staging/course"
        self.archive.parent.mkdir(parents=True)
        (folder / "secret.txt").write_text("secret", "utf-8")
        (folder / "es").mkdir()
        (folder / "es/x.md").write_text("x", "utf-8")
        self.before = self.around()

    def around(self) -> list[tuple[str, int, bytes]]:
        """Everything but the folder that it is unpacked into."""
        paths = [path for path in sorted(self.folder.rglob("*")) if self.archive.parent not in path.parents]
        return [
            (str(path), path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in paths
            if path != self.archive.parent
        ]

    def unpack(self, raw: bytes) -> Unpacked | Refused:
        """What became of it, once nothing but the staging folder has changed and nothing odd is in there."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self.archive.write_bytes(raw)
        made = unpack(self.archive, self.staging)
        assert self.around() == self.before
        for path in self.archive.parent.rglob("*"):
            assert not path.is_symlink()
            assert path.is_dir() or path.is_file()
            assert path == self.archive or self.staging in (path, *path.parents)
        return made

    def files(self) -> dict[str, bytes]:
        """What was unpacked."""
        paths = [path for path in self.staging.rglob("*") if path.is_file()]
        return {path.relative_to(self.staging).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "box")


COURSE = {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file()}
MORE = {
    "by a Mac": {"es/03-qué-más.md"},
    "with another picture": {"media/foto.png"},
    "the longest name": {f"media/{'x' * 96}.png"},
}


@pytest.mark.parametrize("name", GOOD)
def test_a_course_comes_in_from_whatever_program_packed_it(box: Box, name: str) -> None:
    made = box.unpack(GOOD[name])
    assert isinstance(made, Unpacked), made
    assert made.course == "demo-course"
    files = box.files()
    assert set(files) == set(COURSE) | MORE.get(name, set())
    assert {place: files[place] for place in COURSE} == COURSE


def test_what_the_systems_added_is_left_out_and_told(box: Box) -> None:
    made = box.unpack(GOOD["by a Mac"])
    assert isinstance(made, Unpacked)
    assert made.left_out == ("demo-course/.DS_Store", "__MACOSX/demo-course/._course.yml")


@pytest.mark.tools
def test_a_course_packed_by_zip_comes_in(box: Box, tmp_path: Path) -> None:
    require("zip")
    packed = tmp_path / "by-zip.zip"
    subprocess.run(["zip", "-qr", str(packed), SAMPLE.name], cwd=SAMPLE.parent, check=True)
    assert isinstance(box.unpack(packed.read_bytes()), Unpacked)
    assert box.files() == COURSE


def test_the_corpus_is_large_and_each_archive_is_another() -> None:
    codes = {code for code, _ in HOSTILE.values()}
    assert len(HOSTILE) >= 300
    assert set(SENTENCES) - codes == {"disk", "limit", "not-file"}
    small = [make() for name, (_, make) in HOSTILE.items() if not name.startswith("bomb")]
    assert len(set(small)) == len(small)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_with_its_reason(box: Box, name: str) -> None:
    code, make = HOSTILE[name]
    refused = box.unpack(make())
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert refused.sentence(str).isprintable()
    assert "%(" not in refused.sentence(str)


@pytest.mark.parametrize("name", COURSE_TRICKS)
def test_a_trick_within_a_course_is_an_error_of_the_course(box: Box, name: str) -> None:
    _, code, _ = COURSE_TRICKS[name]
    made = box.unpack(tricky(name))
    assert isinstance(made, Unpacked)
    assert made.course in ("demo-course", "")
    read, findings = load(box.staging)
    assert read is None
    assert code in [each.code for each in findings if each.severity == "error"]


@pytest.mark.parametrize(("name", "unsafe"), [("a scripted SVG", ("cuadro.svg",)), ("raw HTML", ())])
def test_a_picture_that_is_not_plain_is_named(box: Box, name: str, unsafe: tuple[str, ...]) -> None:
    made = box.unpack(tricky(name))
    assert isinstance(made, Unpacked)
    assert made.unsafe == unsafe


def test_a_huge_svg_is_not_even_read(box: Box) -> None:
    picture = random.Random(1).randbytes(3_000_000)
    made = box.unpack(with_(part("demo-course/media/x.svg", picture, method=STORED)))
    assert isinstance(made, Unpacked)
    assert made.unsafe == ("x.svg",)


def test_an_id_that_can_not_be_read_is_none(box: Box) -> None:
    for name in ("an id that leads out", "no settings", "a YAML tag"):
        made = box.unpack(tricky(name))
        assert isinstance(made, Unpacked)
        assert made.course == ""


def test_pieces_that_come_in_dribs_and_drabs_are_put_together(box: Box) -> None:
    """Empty blocks, blocks of a byte, and output that waits inside zlib for more room."""
    data = b"abc\n" * 60_000
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    pieces = [squeeze.compress(data[n : n + 5]) + squeeze.flush(zlib.Z_FULL_FLUSH) for n in range(0, len(data), 5)]
    made = box.unpack(with_(part("demo-course/es/x.md", data, packed=b"".join(pieces) + squeeze.flush())))
    assert isinstance(made, Unpacked)
    assert box.files()["es/x.md"] == data


@pytest.mark.parametrize("count", [65_535, 65_536, 65_537, 131_072])
def test_a_file_of_just_that_many_bytes_comes_in(box: Box, count: int) -> None:
    data = random.Random(count).randbytes(count // 64) * 64 + bytes(count % 64)
    for method in (STORED, DEFLATED):
        assert isinstance(box.unpack(with_(part("demo-course/es/x.md", data, method=method))), Unpacked)
        assert box.files()["es/x.md"] == data


def test_a_folder_that_is_there_is_not_written_into(box: Box) -> None:
    box.archive.write_bytes(archive(course()))
    box.staging.mkdir()
    refused = unpack(box.archive, box.staging)
    assert refused == Refused("disk", {"reason": "File exists"})
    assert list(box.staging.iterdir()) == []


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", tmp_path / "nothing"):
        assert unpack(path, tmp_path / "course") == Refused("not-file")


def test_a_full_disk_is_told(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Iterator[bytes]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reader, "content", full)
    assert box.unpack(archive(course())) == Refused("disk", {"reason": "No space left on device"})


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("es/x.md", "es/x.md"),
        ("a\x1b[2Jb", "a\\u001b[2Jb"),
        ("a\u202eb", "a\\u202eb"),
        (b"qu\xe9", "qu\\xe9"),
        ("x" * 81, "x" * 79 + "…"),
    ],
)
def test_a_name_is_shown_so_that_a_terminal_may_print_it(name: str | bytes, told: str) -> None:
    assert shown(name) == told


@pytest.mark.parametrize(
    "name", ["es/01 qué más (2).md", "año/ñandú.md", "日本語.md", "com/x.md", "es/console.md", "es/nul-x.md", "a.b.c"]
)
def test_an_ordinary_name_is_let_through(name: str) -> None:
    assert readable(name.encode()) == name


# --- the child ---------------------------------------------------------------------------------------------------


def test_the_child_gives_what_unpacking_gives(box: Box) -> None:
    for raw in (
        GOOD["by a Mac"],
        tricky("a scripted SVG"),
        HOSTILE["shape: one byte after it"][1](),
        with_(part("../x")),
    ):
        expected = box.unpack(raw)
        shutil.rmtree(box.staging, ignore_errors=True)
        assert unpack_apart(box.archive, box.staging) == expected
        assert box.around() == box.before


@pytest.mark.parametrize("child", ["tests.content.greedy", "tests.content.spinning", "tests.content.no_such_module"])
def test_a_child_that_fails_is_a_refusal(box: Box, child: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "WALL_SECONDS", 2.0)
    monkeypatch.setattr(unpacking, "CHILD", [sys.executable, "-m", child])
    assert unpack_apart(box.archive, box.staging) == Refused("limit")


MEASURED = """
import sys
from pathlib import Path
from lms.content import archive, compile
compile.limit()
told = archive._child(Path(sys.argv[1]), Path(sys.argv[2]))
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(told.get("code", "in"), int(peak.split()[1]) // 1024)
"""


def largest() -> bytes:
    """Within every bound: 1,985 entries, 45 MB that become 185 MB."""
    noise = random.Random(7).randbytes(1_600_000)
    parts = [part(f"demo-course/media/x{n}.png", b"\x89PNG\r\n\x1a\n" + noise + bytes(5_000_000)) for n in range(28)]
    return with_(*parts, *[part(f"demo-course/es/x{n}.md") for n in range(1_950)])


def long_settings() -> bytes:
    """A course.yml of 190 MB."""
    dice = random.Random(7)
    return archive([part("course.yml", b"".join(dice.randbytes(2_000) + b"\n" * 98_000 for _ in range(1_900)))])


LARGE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "bomb": HOSTILE["bomb: 150 MB of nothing"],
    "liar": HOSTILE["bomb: more than it says"],
    "large": HOSTILE["bomb: 51 MB"],
    "directory": HOSTILE["shape: a directory of 5 MB"],
    "overlap": HOSTILE["overlap: 900 records for one file"],
    "largest": ("in", largest),
    "settings": ("in", long_settings),
}


@pytest.mark.parametrize("name", LARGE)
def test_no_archive_takes_much_memory(box: Box, name: str) -> None:
    code, make = LARGE[name]
    box.archive.write_bytes(make())
    command = [sys.executable, "-c", MEASURED, str(box.archive), str(box.staging)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert told[0] == code
    assert int(told[1]) < 100, "megabytes; 300 are promised"


# --- mutants -----------------------------------------------------------------------------------------------------

NUMBERS = [0, 1, 2, 7, 20, 22, 30, 46, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF]
FRAGMENTS = ["..", "/", "\\", "\0", ":", ".", " ", "CON", "es/", "media/", "demo-course/", "\u202e", "é", "e\u0301", "x" * 90, ".md", ".png", "PK"]  # fmt: skip
MAGICS = [b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\7", b"PK\7\x08"]
FIELDS = {
    "flags": [0, 1, FOLLOWS, 0x800, 0x41, 0x2000],
    "method": [0, 8, 9, 12, 99],
    "crc": NUMBERS,
    "packed": NUMBERS,
    "size": NUMBERS,
    "start": NUMBERS,
    "disk": [0, 1, 0xFFFF],
    "attributes": [0, 0x10, 0x400, 0o120777 << 16, 0o100644 << 16, 0o40755 << 16, 0o10644 << 16],
}
HERE = ("flags", "method", "crc", "packed", "size")


def mutated_parts(dice: random.Random) -> list[Part]:
    """The sample course with one to three of its entries changed by somebody who knows the format."""
    parts = course(dice.choice(["", "demo-course/"]))
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(parts))
        parts[at] = mutated_part(dice, parts[at])
        if dice.random() < 0.2:
            parts.insert(dice.randrange(len(parts)), parts[at])
    return parts


def mutated_part(dice: random.Random, each: Part) -> Part:
    name = dice.choice(list(FIELDS))
    value = dice.choice(FIELDS[name])
    kind = dice.randrange(8)
    if kind == 0:
        text = each.name.decode("utf-8", "replace")
        cut = dice.randrange(len(text) + 1)
        each = replace(each, name=(text[:cut] + dice.choice(FRAGMENTS) + text[cut + dice.randrange(3) :]).encode())
    elif kind == 1:
        each = replace(each, there={**each.there, name: value})
    elif kind == 2 and name in HERE:
        each = replace(each, here={**each.here, name: value}, there={**each.there, name: value})
    elif kind == 3 and name in HERE:
        each = replace(each, here={**each.here, name: value})
    elif kind == 4:
        each = replace(each, method=dice.choice([STORED, DEFLATED]), made_by=DOS)
    elif kind == 5:
        each = follows(each, signed=dice.random() < 0.5)
    elif kind == 6:
        each = replace(each, data=flipped(dice, each.data), packed=None if dice.random() < 0.5 else packed(each))
    else:
        each = replace(each, gap=dice.randbytes(dice.randrange(3)), comment=dice.randbytes(dice.randrange(5)))
    return each


def flipped(dice: random.Random, raw: bytes) -> bytes:
    """The bytes with a few of them changed by somebody who does not."""
    made = bytearray(raw or b"\0")
    for _ in range(dice.randint(1, 4)):
        at, kind = dice.randrange(len(made) + 1), dice.randrange(6)
        if kind == 0 and at < len(made):
            made[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            made[at : at + dice.randrange(5)] = dice.randbytes(dice.randrange(5))
        elif kind == 2:
            made[at : at + 4] = dice.choice(NUMBERS).to_bytes(4, "little")
        elif kind == 3:
            made[at : at + 4] = dice.choice(MAGICS)
        elif kind == 4 and dice.random() < 0.3:
            del made[at:]
        else:
            other = dice.randrange(len(made) + 1)
            made[at:at] = made[other : other + dice.randrange(80)]
        made = made or bytearray(b"\0")
    return bytes(made)


def mutant(number: int) -> bytes:
    dice = random.Random(number)
    kind = dice.choice(["knowing", "knowing", "both", "header", "anywhere"])
    if kind == "knowing":
        return archive(mutated_parts(dice))
    if kind == "both":
        return flipped(dice, archive(mutated_parts(dice)))
    raw = dice.choice(MUTABLE)
    if kind == "header":  # where the structure is: the first header, or the directory and the end
        at = dice.choice([0, max(0, len(raw) - 700)])
        return raw[:at] + flipped(dice, raw[at : at + 700]) + raw[at + 700 :]
    return flipped(dice, raw)


MUTABLE = list(GOOD.values())


def as_python_reads(packed: Path) -> Counter[bytes]:
    """What another reader, which knows nothing of ours, finds in the archive."""
    with zipfile.ZipFile(packed) as found:
        return Counter(found.read(each) for each in found.infolist())


@pytest.mark.no_cover
@pytest.mark.timeout(1_800 if AUDIT else 120)
@pytest.mark.parametrize("share", range(SHARES))
def test_a_mutated_archive_is_a_course_or_a_refusal(box: Box, share: int) -> None:
    codes: dict[str, int] = {}
    for number in range(share, ROUNDS, SHARES):
        made = box.unpack(mutant(number))
        code = made.code if isinstance(made, Refused) else "in"
        codes[code] = codes.get(code, 0) + 1
        assert code not in ("limit", "not-file"), number
        if isinstance(made, Refused):
            assert made.sentence(str).isprintable(), number
            assert code != "disk" or made.values["reason"] == "File name too long", (number, made)
        else:
            assert {Path(name).suffix for name in box.files()} <= {".yml", ".md", *TYPES}
            assert Counter(box.files().values()) <= as_python_reads(box.archive), number
    assert len(codes) > 15
    assert codes["in"] > ROUNDS / SHARES / 20, codes
