"""A zip archive, read strictly (PKWARE's APPNOTE 6.3.10, of which a course needs a small part).

Every byte must belong to one entry, to the directory or to the end, and whatever is told twice must agree: so nothing
overlaps, hides or is read in another way by another program. Python's own reader lets such archives through.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import SEEK_END
from typing import BinaryIO

from lms.content.archive_refusals import Stop, shown

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_PIECE = 64 * 1024
_MAX_DIRECTORY = 4 * 1024 * 1024
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_FOLLOW = 0x2041, 0x0008  # bits 0, 6 and 13; bit 3
_KNOWN_FLAGS = 0x080E  # how hard it was pressed, sizes after the data, UTF-8
_ZIP64, _AES, _UNICODE_NAME = 0x0001, 0x9901, 0x7075
_DOS_VOLUME, _DOS_FOLDER, _WINDOWS_LINK = 0x08, 0x10, 0x400


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: `packed` bytes at `start` become `size` bytes."""

    name: bytes
    folder: bool
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    """Where its data begin; in the directory's own telling, where its local header does."""


@dataclass(frozen=True, slots=True)
class _Directory:
    count: int
    start: int
    raw: bytes


def entries(file: BinaryIO, *, most: int) -> list[Entry]:
    """Every entry in the order in which they lie; raises Stop unless they fill the file exactly."""
    directory = _directory(file, most)
    place, found = 0, []
    for told in sorted(_told(directory), key=lambda each: each.start):
        if told.start != place:
            raise Stop("overlap" if told.start < place else "between" if place else "before")
        entry, place = _located(file, told, directory.start)
        found.append(entry)
    if place != directory.start:
        raise Stop("between")
    return found


def content(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The entry's bytes in pieces; raises Stop where they are more, fewer or others than was told."""
    count = crc = 0
    packed = _packed(file, entry)
    try:
        for piece in packed if entry.method == _STORED else _inflated(packed):
            count, crc = count + len(piece), zlib.crc32(piece, crc)
            if count > entry.size:
                break
            yield piece
    except zlib.error:
        count = -1
    if count != entry.size:
        raise Stop("data", name=shown(entry.name))
    if crc != entry.crc:
        raise Stop("checksum", name=shown(entry.name))


def _directory(file: BinaryIO, most: int) -> _Directory:
    length = file.seek(0, SEEK_END)
    at, (_, disk, first_disk, here, count, size, start, _) = _end(file, length)
    if 0xFFFF in (here, count) or 0xFFFFFFFF in (size, start):
        raise Stop("zip64")
    if disk or first_disk or here != count:
        raise Stop("disks")
    if count > most:
        raise Stop("too-many")
    if start + size != at:
        raise Stop("between" if start + size < at else "index")
    if size > _MAX_DIRECTORY:
        raise Stop("index")
    if not count:
        raise Stop("empty")
    file.seek(start)
    return _Directory(count, start, file.read(size))


def _end(file: BinaryIO, length: int) -> tuple[int, tuple[bytes, int, int, int, int, int, int, int]]:
    """Where the end record is and its fields; there is one, and its comment ends with the file."""
    first = max(0, length - _END.size - 0xFFFF)
    file.seek(first)
    tail = file.read()
    at = tail.find(b"PK\5\6")
    if at < 0 or at + _END.size > len(tail):
        raise Stop("not-zip")
    if tail.find(b"PK\5\6", at + 1) >= 0:
        raise Stop("two-ends")
    if tail[max(0, at - 20) :].startswith(b"PK\6\7"):
        raise Stop("zip64")
    fields = _END.unpack_from(tail, at)
    if at + _END.size + fields[-1] != len(tail):
        raise Stop("after" if at + _END.size + fields[-1] < len(tail) else "not-zip")
    return first + at, fields


def _told(directory: _Directory) -> Iterator[Entry]:
    at = 0
    for _ in range(directory.count):
        if directory.raw[at : at + 4] != b"PK\1\2" or at + _CENTRAL.size > len(directory.raw):
            raise Stop("index")
        fields = _CENTRAL.unpack_from(directory.raw, at)
        name_size, extra_size, comment_size = fields[10:13]
        at += _CENTRAL.size
        name = directory.raw[at : at + name_size]
        extra = directory.raw[at + name_size : at + name_size + extra_size]
        at += name_size + extra_size + comment_size
        if at > len(directory.raw):
            raise Stop("index")
        yield _entry(name, extra, fields)
    if at != len(directory.raw):
        raise Stop("index")


def _entry(name: bytes, extra: bytes, fields: tuple[int, ...]) -> Entry:
    _, _, _, flags, method, _, _, crc, packed, size, _, _, _, disk, _, attributes, start = fields
    _check_extra(name, extra)
    if flags & _ENCRYPTED:
        raise Stop("encrypted")
    if flags & ~_KNOWN_FLAGS or method not in (_STORED, _DEFLATED):
        raise Stop("method", name=shown(name))
    if 0xFFFFFFFF in (packed, size, start) or disk == 0xFFFF:
        raise Stop("zip64")
    if disk:
        raise Stop("disks")
    folder = _is_folder(name, attributes)
    if (method == _STORED and packed != size) or (folder and size):
        raise Stop("differs", name=shown(name))
    told = {"flags": flags, "method": method, "crc": crc, "packed": packed, "size": size, "start": start}
    return Entry(name=name, folder=folder, **told)


def _is_folder(name: bytes, attributes: int) -> bool:
    """Whether it is a folder; Unix keeps the kind in the upper half, Windows in the lower one."""
    kind, folder = stat.S_IFMT(attributes >> 16), name.endswith(b"/")
    if kind == stat.S_IFLNK or attributes & _WINDOWS_LINK:
        raise Stop("link", name=shown(name))
    fits = kind in (0, stat.S_IFDIR if folder else stat.S_IFREG) and (folder or not attributes & _DOS_FOLDER)
    if not fits or attributes & _DOS_VOLUME:
        raise Stop("not-regular", name=shown(name))
    return folder


def _check_extra(name: bytes, extra: bytes) -> None:
    """The extra fields fit in their room, and none of them changes the name, the sizes or the key."""
    at = 0
    while at < len(extra):
        if at + 4 > len(extra):
            raise Stop("differs", name=shown(name))
        kind, size = struct.unpack_from("<HH", extra, at)
        at += 4 + size
        if kind == _ZIP64:
            raise Stop("zip64")
        if kind == _AES:
            raise Stop("encrypted")
        if at > len(extra) or (kind == _UNICODE_NAME and extra[at - size + 5 : at] != name):
            raise Stop("differs", name=shown(name))


def _located(file: BinaryIO, told: Entry, stop: int) -> tuple[Entry, int]:
    """The entry with the place of its data, and where the next one begins; its local header must agree."""
    if told.start + _LOCAL.size > stop:
        raise Stop("overlap")
    file.seek(told.start)
    magic, _, flags, method, _, _, *sizes, name_size, extra_size = _LOCAL.unpack(file.read(_LOCAL.size))
    name, extra = file.read(name_size), file.read(extra_size)
    expected = (told.crc, told.packed, told.size)
    later = flags & _SIZES_FOLLOW and not any(sizes)
    same = (magic, flags, method, name) == (b"PK\3\4", told.flags, told.method, told.name)
    if not same or (tuple(sizes) != expected and not later):
        raise Stop("differs", name=shown(told.name))
    _check_extra(name, extra)
    start = told.start + _LOCAL.size + name_size + extra_size
    end = start + told.packed
    if end > stop:
        raise Stop("overlap")
    if flags & _SIZES_FOLLOW:
        end += _descriptor(file, end, told)
    return replace(told, start=start), end


def _descriptor(file: BinaryIO, at: int, told: Entry) -> int:
    """The length of the sizes that follow the data, with their signature or without."""
    file.seek(at)
    found = file.read(16)
    sizes = struct.pack("<3L", told.crc, told.packed, told.size)
    if found == b"PK\7\x08" + sizes:
        return 16
    if found[:12] == sizes:
        return 12
    raise Stop("differs", name=shown(told.name))


def _packed(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    for at in range(entry.start, entry.start + entry.packed, _PIECE):
        file.seek(at)
        yield file.read(min(_PIECE, entry.start + entry.packed - at))


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """The inflated pieces, each of bounded size; raises zlib.error unless the stream ends with its last byte."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        feed, more = piece, True
        while more:
            out = inflate.decompress(feed, _PIECE)
            feed = inflate.unconsumed_tail
            more = bool(feed) or len(out) == _PIECE
            yield out
        if inflate.unused_data:
            break
    if not inflate.eof or inflate.unused_data:
        raise zlib.error
