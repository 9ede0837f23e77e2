"""The page of a certificate, drawn: one A4 sheet to frame, in the programme's own look, which says the same to whoever
can't see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lms.certificates import ornament
from lms.certificates.credential import DEMONSTRATION, UNDER_REVIEW, Credential, length
from lms.certificates.pdfa import picture
from lms.certificates.pdfa.document import About, Attachment, Document
from lms.certificates.pdfa.fonts import BOLD, DISPLAY, TEXT, width
from lms.certificates.pdfa.page import Box, Kind, Page
from lms.certificates.typesetting import LEADING, Block, fitted, paragraph
from lms.i18n import Reader

MILLIMETRE = 72 / 25.4
WIDTH, HEIGHT = 297 * MILLIMETRE, 210 * MILLIMETRE
ACCENT = "#12464C"
PAPER, INK, QUIET, WARM, PALE = "#FCFAF5", "#20343A", "#56666B", "#A8481F", "#D6E0DC"
WHITE, BLACK = "#FFFFFF", "#000000"

FRAME: Box = (ornament.BAND + 20, 20, WIDTH - 20, HEIGHT - 20)
LEFT, RIGHT = ornament.BAND + 54, WIDTH - 54
COLUMN = RIGHT - LEFT
HEAD, BODY_TOP = HEIGHT - 68, HEIGHT - 104
FOOT = 142.0
"""The rule above the foot."""
SIGNATURES = 200.0
"""The line that signatories sign above."""
LOGO_WIDTH, LOGO_HEIGHT = 150.0, 54.0
QR_SIDE, QR_BOTTOM, QR_QUIET = 30 * MILLIMETRE, 47.0, 4
"""Side and place on paper, and the light modules around it (ISO/IEC 18004)."""

GAP = 22.0
NAME_STEPS = ((1, (38, 35, 32, 29, 26)), (2, (28, 25, 22)), (3, (20, 18, 16)), (5, (14, 13)))
TITLE_STEPS = ((1, (23, 21, 19)), (2, (19, 17)), (3, (16, 14.5)), (5, (13, 12)))
SIGNATORY_STEPS = ((1, (10, 9)), (2, (9, 8)), (4, (7.5, 7)))
POSITION_STEPS = ((1, (9, 8.5)), (2, (8.5, 8)), (4, (7.5, 7)))
SCALES = (1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.6, 0.5)
DESCENT = 0.3
"""The part of a line below its baseline, at size 1."""


def draw(
    credential: Credential,
    reader: Reader,
    *,
    logo: Path | bytes | None = None,
    qr: Sequence[Sequence[int]] | None = None,
    accent: str = ACCENT,
    badge: bytes | None = None,
) -> bytes:
    """The certificate in the reader's language as PDF/A-3A and PDF/UA-1, with an empty place for its signature.

    `qr` is a square of modules without its margin; `badge` is `credential.json`, which goes inside. The same facts give
    the same bytes. Raises OSError for a logo that can't be read.
    """
    (file,) = draw_each(credential, reader, logo=logo, qr=qr, accent=accent, badges=(badge,))
    return file


def draw_each(
    credential: Credential,
    reader: Reader,
    *,
    logo: Path | bytes | None = None,
    qr: Sequence[Sequence[int]] | None = None,
    accent: str = ACCENT,
    badges: Sequence[bytes | None],
) -> Sequence[bytes]:
    """What `draw` gives with each of these inside, or nothing; the page is drawn once."""
    page = Page(WIDTH, HEIGHT)
    with page.decorating():
        page.fill((0, 0, WIDTH, HEIGHT), PAPER)
        page.outline(FRAME, PALE, 1)
        ornament.draw(page, accent)
    _head(page, credential, reader, logo, accent)
    _body(page, credential, reader, accent)
    _signatories(page, credential.signatories[:3])
    _foot(page, credential, reader, qr, accent)
    document = Document(page, _about(credential, reader))
    return [document.file(_attachment(each, reader)) for each in badges]


def _about(credential: Credential, reader: Reader) -> About:
    return About(
        title=reader.gettext("Certificate"),
        author=credential.issuer,
        subject=credential.number,
        program=credential.program,
        language=reader.language,
        made_on=credential.issued_on,
        signature=reader.gettext("Electronic signature of the issuer"),
    )


def _attachment(badge: bytes | None, reader: Reader) -> Attachment | None:
    if badge is None:
        return None
    described = reader.gettext("The same certificate for machines (Open Badges 3.0)")
    return Attachment(name="credential.json", kind="application/vc+ld+json", description=described, data=badge)


def _head(page: Page, credential: Credential, reader: Reader, logo: Path | bytes | None, accent: str) -> None:
    room = COLUMN
    if logo:
        shown = picture.load(logo, width=LOGO_WIDTH, height=LOGO_HEIGHT, ground=PAPER)
        scale = min(LOGO_WIDTH / shown.width, LOGO_HEIGHT / shown.height, 1)  # a point a pixel at most
        wide, high = shown.width * scale, shown.height * scale
        top = HEAD + 18
        box = (RIGHT - wide, top - high, RIGHT, top)
        with page.telling("Figure", alternate=reader.gettext("Logo of %(who)s") % {"who": credential.issuer}, box=box):
            page.picture(shown, box)
        room -= wide + 24
    name = credential.program.upper()
    spacing = 2.4
    size = min(11, 11 * room / (width(name, BOLD, 11) + spacing * len(name)))
    with page.telling("P", actual=credential.program if name != credential.program else ""):
        page.text((LEFT, HEAD), name, BOLD, size, accent, spacing * size / 11)
    _told(page, "P", (LEFT, HEAD - 6), fitted(credential.issuer, TEXT, ((1, (11, 10)), (2, (9, 8))), room), QUIET)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the body: how it is set, and the space above it."""

    kind: Kind
    text: str
    font: str
    steps: Sequence[tuple[int, Sequence[float]]]
    colour: str
    above: float

    def block(self, scale: float) -> Block:
        """Its lines, everything smaller by that scale."""
        return fitted(
            self.text, self.font, [(most, [size * scale for size in sizes]) for most, sizes in self.steps], COLUMN
        )


def _body(page: Page, credential: Credential, reader: Reader, accent: str) -> None:
    """What the certificate says: as large as there is room for, a little above the middle, where the eye looks first."""
    parts = list(_parts(credential, reader, accent))
    room = BODY_TOP - (SIGNATURES + 44 if credential.signatories else FOOT + 10)
    for scale in SCALES:
        blocks = [each.block(scale) for each in parts]
        height = sum(part.above * scale + block.height for part, block in zip(parts, blocks, strict=True))
        if height <= room:
            break
    y = BODY_TOP - max(0, room - height) * 0.42
    for part, block in zip(parts, blocks, strict=True):
        y = _told(page, part.kind, (LEFT, y - part.above * scale), block, part.colour)


def _parts(credential: Credential, reader: Reader, accent: str) -> Iterator[_Part]:
    yield _Part("H1", reader.gettext("Certificate"), DISPLAY, _size(27), accent, 0)
    yield _Part("P", reader.gettext("This certifies that"), TEXT, _size(13), QUIET, 14)
    yield _Part("P", credential.name, DISPLAY, NAME_STEPS, accent, 6)
    yield _Part("P", reader.gettext("has completed the course"), TEXT, _size(13), QUIET, 14)
    yield _Part("P", credential.title, BOLD, TITLE_STEPS, INK, 6)
    yield _Part("P", _when(credential, reader), TEXT, _size(12), INK, 14)
    if credential.under_review:
        yield _Part("P", reader.gettext(UNDER_REVIEW), TEXT, _size(9.5), QUIET, 9)
    if credential.demonstration:
        yield _Part("P", reader.gettext(DEMONSTRATION), BOLD, _size(10), WARM, 9)


def _size(size: float) -> Sequence[tuple[int, Sequence[float]]]:
    """One size, in as many lines as it takes."""
    return ((99, (size,)),)


def _when(credential: Credential, reader: Reader) -> str:
    return "  ·  ".join(filter(None, (length(credential, reader), reader.date(credential.issued_on))))


def _signatories(page: Page, signatories: Sequence[tuple[str, str]]) -> None:
    """Up to three, each with a line that there is room to sign above."""
    wide = (COLUMN - 2 * GAP) / 3
    for place, (name, position) in enumerate(signatories):
        x = LEFT + place * (wide + GAP)
        with page.decorating():
            page.line((x, SIGNATURES), (x + wide, SIGNATURES), QUIET, 0.6)
        y = _told(page, "P", (x, SIGNATURES - 4), fitted(name, BOLD, SIGNATORY_STEPS, wide), INK)
        _told(page, "P", (x, y - 1), fitted(position, TEXT, POSITION_STEPS, wide), QUIET)


def _foot(page: Page, credential: Credential, reader: Reader, qr: Sequence[Sequence[int]] | None, accent: str) -> None:
    """The number, how to check it, and the QR."""
    room = COLUMN - (QR_SIDE + GAP if qr else 0)
    with page.decorating():
        page.line((LEFT, FOOT), (LEFT + room, FOOT), PALE, 1)
    label = paragraph(reader.gettext("Certificate number"), TEXT, 9, room)
    y = _told(page, "P", (LEFT, FOOT - 12), label, QUIET)
    y = _told(page, "P", (LEFT, y - 1), paragraph(credential.number, BOLD, 15, room), accent) - 5
    for sentence in _how_to_check(credential, reader):
        y = _told(page, "P", (LEFT, y - 2), paragraph(sentence, TEXT, 8.5, room), QUIET)
    if qr:
        _qr(page, reader, qr)


def _qr(page: Page, reader: Reader, qr: Sequence[Sequence[int]]) -> None:
    left, top = RIGHT - QR_SIDE, QR_BOTTOM + QR_SIDE
    margin = QR_QUIET * QR_SIDE / len(qr)
    box = (left, QR_BOTTOM, RIGHT, top)
    with page.decorating():
        page.fill((left - margin, QR_BOTTOM - margin, RIGHT + margin, top + margin), WHITE)
    told = reader.gettext("QR code with the signed content of this certificate")
    with page.telling("Figure", alternate=told, box=box):
        page.modules(box, qr, BLACK)
    caption = fitted(reader.gettext("Scan to check"), TEXT, ((1, (8.5, 8, 7.5, 7)),), QR_SIDE)
    beside = (QR_SIDE - width(caption.lines[0], TEXT, caption.size)) / 2
    _told(page, "Caption", (left + beside, QR_BOTTOM - margin - 1), caption, QUIET)


def _how_to_check(credential: Credential, reader: Reader) -> Iterator[str]:
    if credential.verify_base:
        address = f"{credential.verify_base.rstrip('/')}/verify"
        yield reader.gettext("Check this number, or this file, at %(address)s") % {"address": address}
    else:
        yield reader.gettext("Check this number, or this file, with whoever issued it.")
    yield reader.gettext("This file carries an electronic signature: any change to it shows.")


def _told(page: Page, kind: Kind, corner: tuple[float, float], block: Block, colour: str) -> float:
    """The block below that corner, as one element of the structure; returns where it ends."""
    x, y = corner
    with page.telling(kind, actual=block.actual):
        for line in block.lines:
            y -= block.size * LEADING
            page.text((x, y + block.size * DESCENT), line, block.font, block.size, colour)
    return y
