"""Fifty certificates of every kind: all verify, and none with a bit changed."""

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lms.certificates import badge, qr
from lms.certificates.trust import Trust
from lms.certificates.verify import Verification
from tests.certificates.conftest import Make
from tests.certificates.family import Family, Made, family, judge
from tests.conftest import NOW

FLIPS = 10_000 if os.environ.get("LMS_REQUIRE_AUDIT") else 150
"""Of the PDFs, and as many of the badges."""
Kind = Callable[[bytes, Trust], Verification]


@pytest.fixture(scope="module")
def ours(keys_folder: Path) -> Family:
    return family(keys_folder)


@pytest.fixture(scope="module")
def fifty(ours: Family) -> Sequence[Made]:
    return list(ours.fifty())


def of_badge(data: bytes, trust: Trust) -> Verification:
    return badge.verify(data, trust, NOW)


def of_code(data: bytes, trust: Trust) -> Verification:
    return qr.verify(data, trust, NOW)


def test_every_file_of_each_verifies(ours: Family, fifty: Sequence[Made]) -> None:
    for made in fifty:
        for data, verify in ((made.pdf, judge), (made.badge, of_badge), (made.code, of_code)):
            found = verify(data, ours.trust)
            assert (found.outcome, found.number) == ("valid", made.facts.number), made.facts.name
            assert not any(each.warning for each in found.checks)


@pytest.mark.parametrize(("kind", "verify"), [("pdf", judge), ("badge", of_badge)])
def test_no_flipped_bit_verifies(ours: Family, fifty: Sequence[Made], kind: str, verify: Kind) -> None:
    chance = random.Random(kind)
    for turn in range(FLIPS):
        made = fifty[turn % len(fifty)]
        changed = bytearray(getattr(made, kind))
        place, bit = chance.randrange(len(changed)), chance.randrange(8)
        changed[place] ^= 1 << bit
        refused(verify(bytes(changed), ours.trust), (made.facts.name, place, bit))


def test_no_flipped_bit_of_any_code_verifies(ours: Family, credential: Make) -> None:
    """Each of the 1,400 bits and more of a long one by each key, and all that a scanner could take for another digit."""
    for issuer in ours.issuers:
        payload = qr.payload(credential("Ñandú " * 20, title="Curso " * 9, under_review=True), issuer)
        assert of_code(payload, ours.trust).outcome == "valid"
        assert len(payload) * 8 >= 1400
        for bit in range(len(payload) * 8):
            changed = bytearray(payload)
            changed[bit // 8] ^= 1 << bit % 8
            refused(of_code(bytes(changed), ours.trust), bit)
        digits = str(int.from_bytes(payload, "big"))
        for place in range(0, len(digits), 7):
            other = digits[:place] + str((int(digits[place]) + 1) % 9 + 1) + digits[place + 1 :]
            refused(of_code(qr.parse(other), ours.trust), place)


def refused(found: Verification, where: object) -> None:
    """It does not verify, and somebody is told why."""
    assert found.outcome != "valid", where
    failed = [each for each in found.checks if not each.passed]
    assert failed and all(each.told(str).endswith(".") for each in failed), where
