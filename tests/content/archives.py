"""Hostile archives of every kind, each with the code that it is refused with; and hostile courses in good archives."""

import stat
import struct
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import replace

from tests.content.zipping import (
    DOS,
    FILE,
    FOLDER,
    PNG,
    STORED,
    UNIX,
    UTF8,
    Part,
    archive,
    central,
    changed,
    course,
    deflated,
    extra,
    follows,
    local,
    packed,
    part,
    with_,
)

# fmt: off
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {}
COUNT = len(course())


def hostile(code: str, name: str, make: Callable[[], bytes]) -> None:
    assert name not in HOSTILE, name
    HOSTILE[name] = (code, make)


NAMES: dict[str, list[str | bytes]] = {
    "traversal": ["../evil.md", "demo-course/../../evil.md", "demo-course/es/../../../evil.md", "..", "demo-course/..", "demo-course/media/../../x.svg", "demo-course/es/．．/evil.md", "demo-course/‥/x.md"],
    "dot": ["./demo-course/es/x.md", "demo-course//es/x.md", "demo-course/./es/x.md", "demo-course/es//", "demo-course/es/."],
    "absolute": ["/etc/cron.d/evil", "//server/share/x.md", "/demo-course/es/x.md", "/"],
    "drive": ["C:/Windows/x.md", "c:evil.md", "Z:/demo-course/es/x.md"],
    "backslash": ["..\\evil.md", "demo-course\\es\\x.md", "C:\\Windows\\x.md", "\\\\server\\x.md", "demo-course/es/..\\..\\x.md"],
    "control": [b"demo-course/es/x.md\0.exe", b"\0", b"demo-course/es/a\nb.md", b"demo-course/es/a\rb.md", b"demo-course/es/\x1b[2Jx.md", b"demo-course/es/a\x7fb.md", b"demo-course/es/a\tb.md", "demo-course/es/a\u009bb.md"],
    "hidden": ["demo-course/es/x\u202edm.md", "demo-course/es/x\u2066y.md", "demo-course/es/x\u200by.md", "demo-course/es/x\ufeff.md", "demo-course/es/x\u2028y.md", "demo-course/es/x\u00a0y.md", "demo-course/es/x\u00ady.md", "demo-course/es/x\ue000y.md", "demo-course/es/x\u061cy.md", "demo-course/es/x\U000e0041y.md"],
    "encoding": [b"demo-course/es/qu\xe9.md", b"demo-course/es/qu\x82.md", b"\xc0\xae\xc0\xae/evil.md", b"demo-course/es/\xed\xa0\x80.md", b"demo-course/es/x\xff\xfe.md", b"demo-course/es/\xf4\x90\x80\x80.md"],
    "character": ["demo-course/es/x.md:evil", "demo-course/es/x?.md", "demo-course/es/x*.md", "demo-course/es/<x>.md", "demo-course/es/a|b.md", 'demo-course/es/"x".md', "demo-course/es／x.md", "demo-course/es/x：y.md", "demo-course/es/x＼y.md"],
    "trailing": ["demo-course/es/x.md.", "demo-course/es/x.md ", "demo-course/es /x.md", "demo-course/es./x.md", "demo-course/es/ x.md", "demo-course/es/…", "demo-course/es/..."],
    "device": ["demo-course/es/con.md", "demo-course/es/NUL", "demo-course/aux/x.md", "demo-course/es/com1.md", "demo-course/es/LPT9.x.md", "demo-course/es/prn .md", "demo-course/es/COM¹.md", "CON/course.yml", "demo-course/es/clock$.md", "demo-course/media/ｎｕｌ.svg"],
    "long": [f"demo-course/es/{'x' * 98}.md", f"demo-course/es/{'ñ' * 120}.md", f"{'x' * 60_000}", "/".join(["😀" * 24] * 3)],
    "deep": ["demo-course/es/a/b/x.md", "/".join("a" * 2_000), "demo-course/" + "es/" * 60 + "x.md"],
    "place": [
        "demo-course/evil.py", "demo-course/es/x.html", "demo-course/es/x.md.exe", "demo-course/.htaccess", "demo-course/.git/config", "demo-course/es/.x.md", "demo-course/es/.md", "demo-course/README.md",
        "demo-course/media/x.js", "demo-course/media/x.html", "demo-course/media/x", "demo-course/media/x.md", "demo-course/media/es/x.svg", "demo-course/es/x.svg", "demo-course/en/es/x.md", "demo-course/spanish/x.md",
        "demo-course/course.yaml", "demo-course/es/course.yml", "demo-course/es", "demo-course/media", "demo-course/es/x$(id).md", "demo-course/es/x;y.md", "demo-course/es/`id`.md", "demo-course/es/%2e%2e.md", "demo-course/es/-rf.md",
        "demo-course/es/x.mdx", "demo-course/es/x.MD", "demo-course/COURSE.md", "demo-course/media/x.svgz", "demo-course/media/x.svg.lnk", "demo-course/settings.toml", "demo-course/keys/issuer.key",
    ],
    "nested": ["demo-course/media/x.zip", "demo-course/es/x.tar.gz", "demo-course/otro.7z", "demo-course/media/x.docx", "demo-course/x.JAR"],
    "twin": ["demo-course/es/01-uno.md", "demo-course/es/01-UNO.md", "demo-course/ES/03-tres.md", "demo-course/Media/x.svg", "Demo-Course/es/x.md", "demo-course/Course.yml", "demo-course/media/ﬀ.svg", "demo-course/es/course.yml/"],
    "several": ["otro/es/x.md", "x.md", "otro/course.yml"],
}
COMPANIONS = {
    "demo-course/media/ﬀ.svg": ["demo-course/media/ff.svg"],
    "demo-course/es/course.yml/": ["demo-course/es/course.yml"],
}


def _named(raw: str | bytes) -> bytes:
    beside = [part(each) for each in COMPANIONS.get(raw, [])] if isinstance(raw, str) else []
    text = raw if isinstance(raw, bytes) else raw.encode()
    folder = text.endswith(b"/")
    return with_(*beside, part(raw, b"" if folder else b"x\n", attributes=FOLDER if folder else FILE))


def _names() -> None:
    for code, names in NAMES.items():
        for number, raw in enumerate(names):
            hostile(code, f"name: {code} {number} {ascii(raw)[:48]}", lambda raw=raw: _named(raw))  # type: ignore[misc]
    hostile("no-name", "name: none", lambda: with_(part("")))
    hostile("place", "name: a folder of another kind", lambda: with_(part("demo-course/programs/", b"", attributes=FOLDER)))
    hostile("place", "name: a text beside the course", lambda: archive([*course(""), part("x.md")]))
    hostile("twin", "name: the same file in NFC and NFD", lambda: with_(*(part(f"demo-course/es/{unicodedata.normalize(form, 'qué.md')}") for form in ("NFC", "NFD"))))
    hostile("twin", "name: the same folder twice", lambda: with_(*[part("demo-course/es/", b"", attributes=FOLDER)] * 2))
    hostile("twin", "name: sharp s and two s", lambda: with_(part("demo-course/es/straße.md"), part("demo-course/es/STRASSE.md")))
    hostile("twin", "name: a leftover twice", lambda: with_(*[part("demo-course/.DS_Store")] * 2))
    hostile("traversal", "name: a leftover that leads out", lambda: with_(part("__MACOSX/../../x")))
    hostile("no-course", "name: no course at all", lambda: archive([part("es/x.md")]))
    hostile("no-course", "name: the course two folders down", lambda: archive(course("a/b/")))
    hostile("no-course", "name: only leftovers", lambda: archive([part(".DS_Store"), part("__MACOSX/course.yml")]))
    hostile("no-course", "name: course.yml is a folder", lambda: archive([part("course.yml/", b"", attributes=FOLDER)]))


KINDS = {"fifo": stat.S_IFIFO, "socket": stat.S_IFSOCK, "block device": stat.S_IFBLK, "character device": stat.S_IFCHR}


def _kinds() -> None:
    link = (stat.S_IFLNK | 0o777) << 16
    for target in ("/etc/passwd", "../../x", "course.md", "."):
        for made_by, system in ((UNIX, "Unix"), (DOS, "DOS"), (19 << 8, "macOS")):
            hostile("link", f"kind: a link to {target} by {system}", lambda t=target, m=made_by: with_(part("demo-course/es/x.md", t, attributes=link, made_by=m)))  # type: ignore[misc]
    hostile("link", "kind: a link as folder", lambda: with_(part("demo-course/en/", b"", attributes=link)))
    hostile("link", "kind: course.yml is a link", lambda: archive(changed(0, attributes=link)))
    hostile("link", "kind: a junction of Windows", lambda: with_(part("demo-course/en/", b"", attributes=0x410, made_by=DOS)))
    hostile("link", "kind: a leftover that is a link", lambda: with_(part("demo-course/.DS_Store", b"/", attributes=link)))
    for name, kind in KINDS.items():
        hostile("not-regular", f"kind: a {name}", lambda kind=kind: with_(part("demo-course/es/x.md", attributes=(kind | 0o644) << 16)))  # type: ignore[misc]
    hostile("not-regular", "kind: a volume's label", lambda: with_(part("demo-course/es/x.md", attributes=0x08, made_by=DOS)))
    hostile("not-regular", "kind: a folder named as a file", lambda: with_(part("demo-course/es/x.md", b"", attributes=FOLDER)))
    hostile("not-regular", "kind: a file named as a folder", lambda: with_(part("demo-course/en/", b"", attributes=FILE)))
    hostile("not-regular", "kind: a folder of Windows named as a file", lambda: with_(part("demo-course/es/x.md", b"", attributes=0x10, made_by=DOS)))
    hostile("differs", "kind: a folder with something in it", lambda: with_(part("demo-course/en/", b"x", attributes=FOLDER)))


def overlapping(count: int) -> bytes:
    """One compressed body that every entry claims: small outside, large inside (CVE-2024-0450)."""
    parts = course()
    start = len(b"".join(local(each) + packed(each) for each in parts[:-1]))
    again = [central(parts[-1], start)] * count
    total = len(parts) + count
    return archive(parts, directory=lambda records: [*records, *again], here=total, count=total)


def quoted() -> bytes:
    """Each entry's data begin with the next one's header, as in a bomb of overlapping files."""
    parts = course()
    kernel = part("demo-course/es/z.md", b"a" * 500, method=STORED)
    inner = local(kernel) + kernel.data
    outer = part("demo-course/es/y.md", inner, method=STORED)
    start = sum(len(local(each) + packed(each)) for each in parts) + len(local(outer))
    total = len(parts) + 2
    return archive(
        [*parts, outer], directory=lambda records: [*records, central(kernel, start)], here=total, count=total
    )


def _shape() -> None:
    good = archive(course())
    end = len(good) - 22
    where = struct.unpack_from("<L", good, end + 16)[0]
    hostile("not-zip", "shape: nothing", lambda: b"")
    hostile("not-zip", "shape: text", lambda: b"format: 1\nid: x\n" * 40)
    hostile("not-zip", "shape: a picture", lambda: PNG)
    hostile("not-zip", "shape: a tar", lambda: bytes(257) + b"ustar\0" + bytes(900))
    hostile("not-zip", "shape: cut before its end", lambda: good[: len(good) // 2])
    hostile("not-zip", "shape: cut within its end", lambda: good[:-5])
    hostile("not-zip", "shape: cut within its comment", lambda: archive(course(), comment=b"abcdef")[:-3])
    hostile("empty", "shape: no entries", lambda: archive([]))
    hostile("before", "shape: a program before it", lambda: archive(course(), before=b"MZ" + bytes(500)))
    hostile("before", "shape: one byte before it", lambda: archive(course(), before=b"\0"))
    hostile("between", "shape: a program before it, offsets unmoved", lambda: archive(course(), before=b"#!/bin/sh\n", moved=False))
    hostile("after", "shape: one byte after it", lambda: archive(course(), after=b"\0"))
    hostile("after", "shape: much after it", lambda: archive(course(), after=bytes(60_000)))
    hostile("not-zip", "shape: too much after it", lambda: archive(course(), after=bytes(70_000)))
    hostile("after", "shape: a comment longer than told", lambda: archive(course(), comment=b"abcdef", comment_size=3))
    hostile("two-ends", "shape: two archives joined", lambda: good + archive(course("otro/")))
    hostile("two-ends", "shape: an end in the comment", lambda: archive(course(), comment=b"PK\5\6" + bytes(18)))
    hostile("two-ends", "shape: an end in a stored file", lambda: with_(part("demo-course/es/x.md", b"PK\5\6" + bytes(30), method=STORED)))
    hostile("between", "shape: a gap between two files", lambda: archive(changed(1, gap=b"\0" * 9)))
    hostile("between", "shape: a gap before the directory", lambda: archive(course(), between=b"hidden"))
    hostile("between", "shape: a hidden file before the directory", lambda: archive(course(), between=local(part("x")) + packed(part("x"))))
    hostile("between", "shape: a gap after the directory", lambda: archive(course(), after_directory=b"hidden"))
    hostile("between", "shape: a signature after the directory", lambda: archive(course(), after_directory=b"PK\5\5\2\0ab"))
    hostile("before", "shape: a first file that the directory leaves out", lambda: archive(course(), directory=lambda records: records[1:], here=COUNT - 1, count=COUNT - 1))
    hostile("between", "shape: a middle file that it leaves out", lambda: archive(course(), directory=lambda records: records[:2] + records[3:], here=COUNT - 1, count=COUNT - 1))
    hostile("between", "shape: a last file that it leaves out", lambda: archive(course(), directory=lambda records: records[:-1], here=COUNT - 1, count=COUNT - 1))
    hostile("index", "shape: the directory says one more", lambda: archive(course(), here=COUNT + 1, count=COUNT + 1))
    hostile("index", "shape: the directory says one fewer", lambda: archive(course(), here=COUNT - 1, count=COUNT - 1))
    hostile("index", "shape: the directory says many more", lambda: archive(course(), here=2_000, count=2_000))
    hostile("index", "shape: the directory beyond the end", lambda: archive(course(), start=where + 4))
    hostile("between", "shape: the directory too early", lambda: archive(course(), start=where - 4))
    hostile("index", "shape: the directory's size too large", lambda: archive(course(), size=end - where + 1))
    hostile("between", "shape: the directory's size too small", lambda: archive(course(), size=end - where - 1))
    hostile("index", "shape: the directory somewhere else, of that size", lambda: archive(course(), start=where - 8, size=end - where + 8))
    hostile("index", "shape: another record in the directory", lambda: archive(course(), directory=lambda records: [records[0], b"PK\6\6" + records[1][4:], *records[2:]]))
    hostile("index", "shape: a name longer than the directory", lambda: archive(changed(-1, there={"name_size": 9_999})))
    hostile("index", "shape: a comment longer than the directory", lambda: archive(changed(-1, there={"comment_size": 1})))
    hostile("index", "shape: extra longer than the directory", lambda: archive(changed(-1, there={"extra_size": 40})))
    hostile("index", "shape: a directory of 5 MB", lambda: archive([replace(each, comment=b"x" * 60_000) for each in [*course(), *[part(f"demo-course/es/{n}.md") for n in range(80)]]]))
    hostile("too-many", "shape: 2,001 entries", lambda: with_(*[part(f"demo-course/es/x{n}.md") for n in range(2_001 - COUNT)]))
    hostile("too-many", "shape: 60,000 entries told", lambda: archive(course(), here=60_000, count=60_000))
    hostile("overlap", "overlap: two records for one file", lambda: overlapping(1))
    hostile("overlap", "overlap: 900 records for one file", lambda: overlapping(900))
    hostile("overlap", "overlap: a file within a file", quoted)
    hostile("overlap", "overlap: the first file over the second", lambda: archive(changed(0, there={"packed": 9_000, "size": 9_000}, here={"packed": 9_000, "size": 9_000}, method=STORED)))
    hostile("overlap", "overlap: the last file over the directory", lambda: archive(changed(-1, there={"packed": 99_000, "size": 99_000}, here={"packed": 99_000, "size": 99_000}, method=STORED)))
    hostile("overlap", "overlap: a file in the middle of another", lambda: archive(changed(1, there={"start": 40})))
    hostile("between", "overlap: a file that lies in the directory", lambda: archive(changed(-1, there={"start": where})))
    hostile("overlap", "overlap: a file where the directory begins", lambda: archive(course(), directory=lambda records: [*records, central(part("demo-course/es/x.md"), where)], here=COUNT + 1, count=COUNT + 1))
    hostile("overlap", "overlap: every file at the start", lambda: archive([replace(each, there={"start": 0}) for each in course()]))
    hostile("between", "overlap: a file beyond the end", lambda: archive(changed(-1, there={"start": 0x7FFFFFFF})))
    hostile("differs", "shape: no local header where one is told", lambda: archive(changed(0, here={"magic": b"PK\1\2"})))


def _differing() -> None:
    for place, what in ((0, "course.yml"), (3, "a module"), (-1, "a picture")):
        each = course()[place]
        for told, value in (
            ("name", b"x" * len(each.name)), ("name", each.name.upper()), ("name_size", len(each.name) - 1), ("flags", 0), ("method", STORED),
            ("crc", 1), ("packed", 1), ("size", 1), ("size", 0x7FFFFFFF), ("crc", 0),
        ):
            hostile("differs", f"differs: {told} {ascii(value)[:20]} of {what}, here", lambda p=place, t=told, v=value: archive(changed(p, here={t: v})))  # type: ignore[misc]
        hostile("differs", f"differs: the name of {what} in the directory", lambda p=place, e=each: archive(changed(p, there={"name": b"demo-course/es/zz.md".ljust(len(e.name), b"z")})))  # type: ignore[misc]
    first = course()[0]
    for signed in (True, False):
        for at in (0, 4, 8):

            def wrong(at: int = at, signed: bool = signed) -> bytes:
                each = follows(first, signed=signed)
                tail = bytearray(each.tail)
                tail[len(tail) - 12 + at] ^= 1
                return archive([replace(each, tail=bytes(tail)), *course()[1:]])

            hostile("differs", f"differs: byte {at} of the sizes that follow, {'signed' if signed else 'unsigned'}", wrong)
    hostile("differs", "differs: no sizes follow", lambda: archive([replace(follows(first), tail=b""), *course()[1:]]))
    hostile("differs", "differs: sizes of eight bytes follow", lambda: archive([replace(follows(first), tail=b"PK\7\x08" + struct.pack("<LQQ", zlib.crc32(first.data), len(packed(first)), len(first.data))), *course()[1:]]))
    hostile("differs", "differs: another name in Unicode, here", lambda: archive(changed(0, extra_here=extra(0x7075, b"\1" + bytes(4) + b"../evil"))))
    hostile("differs", "differs: another name in Unicode, there", lambda: archive(changed(0, extra_there=extra(0x7075, b"\1" + bytes(4) + b"../evil"))))
    hostile("differs", "differs: extra that ends early, here", lambda: archive(changed(0, extra_here=b"\x55\x54\x09\0ab")))
    hostile("differs", "differs: extra that ends early, there", lambda: archive(changed(0, extra_there=b"\x55\x54\x09\0ab")))
    hostile("differs", "differs: extra of three bytes", lambda: archive(changed(0, extra_there=b"\x55\x54\x09")))
    hostile("differs", "differs: stored, yet of two sizes", lambda: archive(changed(0, method=STORED, there={"size": 5}, here={"size": 5})))


def _features() -> None:
    wide = struct.pack("<QQQ", 1, 1, 0)
    hostile("zip64", "zip64: sizes here", lambda: archive(changed(0, extra_here=extra(1, wide))))
    hostile("zip64", "zip64: sizes there", lambda: archive(changed(0, extra_there=extra(1, wide))))
    hostile("zip64", "zip64: size told as too large", lambda: archive(changed(0, there={"size": 0xFFFFFFFF})))
    hostile("zip64", "zip64: packed size told as too large", lambda: archive(changed(0, there={"packed": 0xFFFFFFFF})))
    hostile("zip64", "zip64: offset told as too large", lambda: archive(changed(0, there={"start": 0xFFFFFFFF})))
    hostile("zip64", "zip64: disk told as too large", lambda: archive(changed(0, there={"disk": 0xFFFF})))
    hostile("zip64", "zip64: count told as too large", lambda: archive(course(), here=0xFFFF, count=0xFFFF))
    hostile("zip64", "zip64: directory's offset told as too large", lambda: archive(course(), start=0xFFFFFFFF))
    hostile("zip64", "zip64: directory's size told as too large", lambda: archive(course(), size=0xFFFFFFFF))
    hostile("zip64", "zip64: a locator before the end", lambda: archive(course(), after_directory=struct.pack("<4sLQL", b"PK\6\7", 0, 10, 1)))
    hostile("disks", "disks: the second of two", lambda: archive(course(), disk=1, first_disk=1))
    hostile("disks", "disks: the directory on another", lambda: archive(course(), first_disk=1))
    hostile("disks", "disks: fewer entries here", lambda: archive(course(), here=3))
    hostile("disks", "disks: a file on another", lambda: archive(changed(2, there={"disk": 1})))
    for bit, what in ((0x1, "by password"), (0x41, "strongly"), (0x2000, "with its directory"), (0x2041, "altogether")):
        hostile("encrypted", f"encrypted: {what}", lambda bit=bit: archive(changed(0, flags=UTF8 | bit)))  # type: ignore[misc]
    hostile("encrypted", "encrypted: AES", lambda: archive(changed(0, extra_there=extra(0x9901, b"\2\0AE\3\x08\0"))))
    hostile("encrypted", "encrypted: AES, here only", lambda: archive(changed(0, extra_here=extra(0x9901, b"\2\0AE\3\x08\0"))))
    for method, what in (
        (1, "shrunk"),
        (6, "imploded"),
        (9, "deflate64"),
        (12, "bzip2"),
        (14, "LZMA"),
        (93, "zstd"),
        (95, "xz"),
        (98, "PPMd"),
        (99, "AES"),
        (0xFFFF, "unknown"),
    ):
        hostile("method", f"method: {what}", lambda method=method: archive(changed(3, method=method)))  # type: ignore[misc]
    for bit, what in ((0x10, "enhanced"), (0x20, "patched"), (0x80, "bit 7"), (0x1000, "bit 12"), (0x8000, "bit 15")):
        hostile("method", f"flags: {what}", lambda bit=bit: archive(changed(3, flags=UTF8 | bit)))  # type: ignore[misc]


def claimed(size: int) -> dict[str, object]:
    return {"here": {"size": size}, "there": {"size": size}}


def bomb(size: int) -> Part:
    return part("demo-course/es/x.md", b"\0" * size)


def many_small(count: int) -> list[Part]:
    """Each too small to be looked at, together much more than the archive."""
    data = b"a" * 65_000
    squeezed = deflated(data)
    return [replace(part(f"demo-course/es/x{n}.md", data), packed=squeezed) for n in range(count)]


def _bombs() -> None:
    hostile("ratio", "bomb: 2 MB of nothing", lambda: with_(bomb(2_000_000)))
    hostile("ratio", "bomb: 150 MB of nothing", lambda: with_(bomb(150_000_000)))
    hostile("too-much", "bomb: 201 MB told", lambda: with_(part("demo-course/es/x.md", **claimed(201 * 1024 * 1024))))
    hostile("too-much", "bomb: 40 files of 6 MB told", lambda: with_(*[part(f"demo-course/es/x{n}.md", **claimed(6_000_000)) for n in range(40)]))
    hostile("ratio", "bomb: a hundred small ones", lambda: with_(*many_small(300)))
    hostile("data", "bomb: more than it says", lambda: with_(replace(bomb(30_000_000), here={"size": 900}, there={"size": 900})))
    hostile("data", "bomb: a little more than it says", lambda: with_(replace(bomb(1_000), here={"size": 999}, there={"size": 999})))
    hostile("data", "bomb: less than it says", lambda: with_(replace(bomb(1_000), here={"size": 1_001}, there={"size": 1_001})))
    hostile("data", "bomb: a hidden one in a leftover", lambda: with_(replace(bomb(9_000_000), name=b"demo-course/.DS_Store", here={"size": 60_000}, there={"size": 60_000})))
    hostile("data", "bomb: a hidden one in a folder", lambda: with_(part("demo-course/en/", b"", attributes=FOLDER, packed=deflated(b"\0" * 9_000_000))))
    hostile("too-large", "bomb: 51 MB", lambda: archive(course(), before=bytes(51 * 1024 * 1024)))


def _contents() -> None:
    text = b"Una frase.\n" * 50
    good = deflated(text)
    hostile("checksum", "data: another checksum", lambda: with_(part("demo-course/es/x.md", text, here={"crc": 7}, there={"crc": 7})))
    hostile("checksum", "data: another checksum, stored", lambda: with_(part("demo-course/es/x.md", text, method=STORED, here={"crc": 7}, there={"crc": 7})))
    hostile("data", "data: cut short", lambda: with_(part("demo-course/es/x.md", text, packed=good[:-3])))
    hostile("data", "data: none", lambda: with_(part("demo-course/es/x.md", text, packed=b"")))
    hostile("data", "data: more after its end", lambda: with_(part("demo-course/es/x.md", text, packed=good + b"more")))
    hostile("data", "data: 200 kB more after its end", lambda: with_(part("demo-course/es/x.md", text, packed=good + bytes(200_000))))
    hostile("data", "data: a second stream after its end", lambda: with_(part("demo-course/es/x.md", text, packed=good + good)))
    hostile("data", "data: not deflated", lambda: with_(part("demo-course/es/x.md", text, packed=text)))
    hostile("data", "data: with zlib's header", lambda: with_(part("demo-course/es/x.md", text, packed=zlib.compress(text))))
    hostile("data", "data: without a last block", lambda: with_(part("demo-course/es/x.md", b"", packed=b"\0\0\0\xff\xff" * 9)))
    hostile("data", "data: a distance too far back", lambda: with_(part("demo-course/es/x.md", text, packed=b"\x4b\x04\x12\x00\xff\xff")))
    for name, raw in {
        "zip": archive(course())[:-22], "rar": b"Rar!\x1a\7\1\0", "7z": b"7z\xbc\xaf\x27\x1c", "gzip": b"\x1f\x8b\x08\0", "bzip2": b"BZh91AY&SY", "xz": b"\xfd7zXZ\0",
        "zstd": b"\x28\xb5\x2f\xfd", "tar": bytes(257) + b"ustar\0" + bytes(300), "split zip": b"PK\7\x08",
    }.items():
        for place in ("es/x.md", "media/x.png"):
            hostile("nested", f"nested: {name} as {place}", lambda raw=raw, place=place: with_(part(f"demo-course/{place}", raw)))  # type: ignore[misc]
    for name, raw in {
        "a page": b"<!DOCTYPE html><script>alert(1)</script>", "a program": b"\x7fELF" + bytes(60), "a program of Windows": b"MZ" + bytes(60),
        "a script": b"#!/bin/sh\nid\n", "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "nothing": b"", "PDF": b"%PDF-1.7", "a GIF": b"GIF89a/*",
    }.items():
        for kind in ("png", "jpg", "webp", "JPEG"):
            hostile("fake", f"fake: {name} as {kind}", lambda raw=raw, kind=kind: with_(part(f"demo-course/media/x.{kind}", raw)))  # type: ignore[misc]


for _add in (_names, _kinds, _shape, _differing, _features, _bombs, _contents):
    _add()


COURSE_TRICKS: dict[str, tuple[str, str, Callable[[bytes], bytes]]] = {
    "raw HTML": ("es/02-dos.md", "raw-html", lambda raw: raw + b"\n<script>alert(1)</script>\n"),
    "a javascript link": ("es/02-dos.md", "link-target", lambda raw: raw + b"\n[x](javascript:alert(1))\n"),
    "a data link": ("es/02-dos.md", "link-target", lambda raw: raw + b"\n[x](data:text/html,x)\n"),
    "a YAML tag": ("course.yml", "yaml-trick", lambda raw: raw + b"x: !!python/object/apply:os.system [id]\n"),
    "a YAML anchor": ("es/02-dos.md", "yaml-trick", lambda raw: raw.replace(b"title:", b"title: &a", 1)),
    "a bidi control": ("es/02-dos.md", "control-character", lambda raw: raw + "\n\u202eabc\n".encode()),
    "a terminal's control": ("es/02-dos.md", "control-character", lambda raw: raw + "\n\u009b2J\n".encode()),
    "no UTF-8": ("es/02-dos.md", "encoding", lambda raw: raw + b"\nqu\xe9\n"),
    "NUL": ("es/02-dos.md", "control-character", lambda raw: raw + b"\n\0\n"),
    "a scripted SVG": ("media/cuadro.svg", "file-content", lambda raw: raw.replace(b"<svg", b"<svg onload='alert(1)'", 1)),
    "an SVG with entities": ("media/cuadro.svg", "file-content", lambda raw: b'<!DOCTYPE svg [<!ENTITY a "b">]>' + raw),
    "a file of 300 kB": ("es/02-dos.md", "file-too-long", lambda raw: raw + "".join(f"{n} palabras\n" for n in range(20_000)).encode()),
    "a newer format": ("course.yml", "value", lambda raw: raw.replace(b"format: 1", b"format: 2")),
    "an id that leads out": ("course.yml", "value", lambda raw: raw.replace(b"id: demo-course", b"id: ../../demo-course")),
    "no settings": ("course.yml", "yaml", lambda raw: b"[]"),
}


def tricky(name: str) -> bytes:
    """The sample course with that trick."""
    place, _, change = COURSE_TRICKS[name]
    return archive(
        [replace(each, data=change(each.data)) if each.name.endswith(place.encode()) else each for each in course()]
    )
