"""Zip archives written by hand, byte by byte: good ones as many programs make them. The writer knows no rules, so that it can break each."""

import io
import struct
import unicodedata
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
STORED, DEFLATED = 0, 8
UNIX, DOS = 3 << 8 | 20, 20
UTF8, FOLLOWS = 0x0800, 0x0008
FILE, FOLDER = 0o100644 << 16, (0o040755 << 16) | 0x10
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One entry. `here` and `there` set fields of its local header and of the directory to anything at all."""

    name: bytes
    data: bytes = b""
    method: int = DEFLATED
    flags: int = UTF8
    attributes: int = FILE
    made_by: int = UNIX
    packed: bytes | None = None
    tail: bytes = b""
    gap: bytes = b""
    extra_here: bytes = b""
    extra_there: bytes = b""
    comment: bytes = b""
    here: Mapping[str, int | bytes] = field(default_factory=dict)
    there: Mapping[str, int | bytes] = field(default_factory=dict)


def part(name: str | bytes, data: bytes | str = b"x\n", **more: object) -> Part:
    raw = name.encode() if isinstance(name, str) else name
    return Part(name=raw, data=data.encode() if isinstance(data, str) else data, **more)  # type: ignore[arg-type]


def course(top: str = "demo-course/") -> list[Part]:
    """The sample course's files."""
    paths = sorted(path for path in SAMPLE.rglob("*") if path.is_file())
    return [part(top + path.relative_to(SAMPLE).as_posix(), path.read_bytes()) for path in paths]


def deflated(data: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


def packed(each: Part) -> bytes:
    if each.packed is not None:
        return each.packed
    return deflated(each.data) if each.method == DEFLATED else each.data


def local(each: Part) -> bytes:
    later = bool(each.flags & FOLLOWS)
    told: dict[str, int | bytes] = {
        "magic": b"PK\3\4", "needed": 20, "flags": each.flags, "method": each.method, "time": 0, "date": 0x5D77,
        "crc": 0 if later else zlib.crc32(each.data), "packed": 0 if later else len(packed(each)),
        "size": 0 if later else len(each.data), "name_size": len(each.name), "extra_size": len(each.extra_here),
        "name": each.name,
    }  # fmt: skip
    told |= each.here
    name = told.pop("name")
    return struct.pack("<4s5H3L2H", *told.values()) + name + each.extra_here  # type: ignore[operator]


def central(each: Part, start: int) -> bytes:
    told: dict[str, int | bytes] = {
        "magic": b"PK\1\2", "made_by": each.made_by, "needed": 20, "flags": each.flags, "method": each.method,
        "time": 0, "date": 0x5D77, "crc": zlib.crc32(each.data), "packed": len(packed(each)), "size": len(each.data),
        "name_size": len(each.name), "extra_size": len(each.extra_there), "comment_size": len(each.comment),
        "disk": 0, "inner": 0, "attributes": each.attributes, "start": start, "name": each.name,
    }  # fmt: skip
    told |= each.there
    name = told.pop("name")
    return struct.pack("<4s6H3L5H2L", *told.values()) + name + each.extra_there + each.comment  # type: ignore[operator]


def archive(
    parts: Sequence[Part],
    *,
    before: bytes = b"",
    moved: bool = True,
    between: bytes = b"",
    after_directory: bytes = b"",
    directory: Callable[[list[bytes]], list[bytes]] = lambda records: records,
    comment: bytes = b"",
    after: bytes = b"",
    **end: int,
) -> bytes:
    """The bytes; `moved` says whether the offsets know of what stands before."""
    pieces, records, length = [before], [], len(before)
    for each in parts:
        records.append(central(each, length - (0 if moved else len(before))))
        pieces.append(local(each) + packed(each) + each.tail + each.gap)
        length += len(pieces[-1])
    body = b"".join([*pieces, between])
    listed = b"".join(directory(records))
    told = {"disk": 0, "first_disk": 0, "here": len(records), "count": len(records), "size": len(listed),
            "start": len(body) - (0 if moved else len(before)), "comment_size": len(comment)} | end  # fmt: skip
    return body + listed + after_directory + struct.pack("<4s4H2LH", b"PK\5\6", *told.values()) + comment + after


def with_(*parts: Part, **more: object) -> bytes:
    """The sample course and these parts."""
    return archive([*course(), *parts], **more)  # type: ignore[arg-type]


def changed(place: int, **fields_: object) -> list[Part]:
    parts = course()
    parts[place] = replace(parts[place], **fields_)  # type: ignore[arg-type]
    return parts


def follows(each: Part, *, signed: bool = True) -> Part:
    sizes = struct.pack("<3L", zlib.crc32(each.data), len(packed(each)), len(each.data))
    return replace(each, flags=each.flags | FOLLOWS, tail=(b"PK\7\x08" if signed else b"") + sizes)


def extra(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def by_python() -> bytes:
    import zipfile

    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(SAMPLE.rglob("*")):
            made.write(path, f"demo-course/{path.relative_to(SAMPLE).as_posix()}")
    return kept.getvalue()


def by_a_mac() -> bytes:
    """Finder: names in NFD without the flag, sizes after the data, its own leftovers."""
    name = unicodedata.normalize("NFD", "demo-course/es/03-qué-más.md").encode()
    parts = [
        part("demo-course/", b"", attributes=FOLDER, method=STORED),
        *course(),
        part(name, "---\nid: m-x\ntitle: X\n---\nx\n"),
    ]
    parts += [part("demo-course/.DS_Store", b"\0\0\0\1Bud1"), part("__MACOSX/demo-course/._course.yml", b"\0\5\x16\7")]
    return archive([each if each.name.endswith(b"/") else follows(replace(each, flags=0)) for each in parts])


GOOD: dict[str, bytes] = {
    "with a top folder": archive(course()),
    "without one": archive(course("")),
    "another top folder": archive(course("Mi curso (2)/")),
    "stored": archive([replace(each, method=STORED) for each in course()]),
    "with folders": archive([part("demo-course/es/", b"", attributes=FOLDER, method=STORED), *course()]),
    "a folder packed like a file": archive([part("demo-course/media/", b"", attributes=FOLDER), *course()]),
    "sizes after the data": archive([follows(each) for each in course()]),
    "sizes after the data, unsigned": archive([follows(each, signed=False) for each in course()]),
    "sizes before and after": archive([
        replace(follows(each), here={"crc": zlib.crc32(each.data), "packed": len(packed(each)), "size": len(each.data)})
        for each in course()
    ]),
    "by Windows": archive([replace(each, made_by=DOS, attributes=0x20, flags=0) for each in course()]),
    "with times": archive([replace(each, extra_here=extra(0x5455, bytes(9)), extra_there=extra(0x5455, bytes(5))) for each in course()]),
    "with a comment": archive(course(), comment=b"4f3b0c6a2e"),
    "with comments inside": archive([replace(each, comment=b"hola") for each in course()]),
    "listed backwards": archive(course(), directory=lambda records: records[::-1]),
    "by Python": by_python(),
    "by a Mac": by_a_mac(),
    "with another picture": with_(part("demo-course/media/foto.png", PNG)),
    "by Windows with its leftovers": with_(part("demo-course/media/Thumbs.db"), part("demo-course/desktop.ini")),
    "the longest name": with_(part(f"demo-course/media/{'x' * 96}.png", PNG)),
}  # fmt: skip
