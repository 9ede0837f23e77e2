"""A language that nobody speaks, made from the template of the catalogue: whatever is not written in it was never
translated."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGE = "qps"
"""One that is kept for private use: Babel knows nothing of it."""
TEMPLATE = Path(__file__).parents[1] / "translations" / "messages.pot"
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ",
)
"""No letter stays as it was: a word in plain letters is no word of this language."""
OPEN, CLOSE = "⟦", "⟧"
PLACES = re.compile(r"(%\(\w+\)s|\{\w+(?:!r)?\})")
LONGER = 0.4
"""As much as a translation from English grows."""


def pseudo(message: str) -> str:
    """The message with accents on every letter, longer, and between brackets that show where it was cut; its places for
    values stay."""
    pieces = PLACES.split(message)
    told = "".join(piece if place % 2 else piece.translate(LETTERS) for place, piece in enumerate(pieces))
    return f"{OPEN}{told}{'~' * round(len(message) * LONGER)}{CLOSE}"


def make_catalogue(folder: Path) -> Path:
    """The folder, which has a catalogue of that language now."""
    with TEMPLATE.open("rb") as file:
        template = read_po(file)
    catalogue = Catalog()
    for message in template:
        if isinstance(message.id, tuple):
            catalogue.add(message.id, tuple(map(pseudo, message.id)))
        elif message.id:
            catalogue.add(message.id, pseudo(message.id))
    place = folder / LANGUAGE / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return folder
