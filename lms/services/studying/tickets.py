"""Tickets: attempts at a test that are opened ahead, for a phone that will have no network (docs/decisions/0042). Each is spent
when it is opened, is for one phone, and expires."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Connection

from lms.content.model import Module
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common.record import timestamp
from lms.services.studying.acts import hold
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import UnknownPage, View, enter
from lms.services.studying.testing import chances, spend
from lms.storage import projection
from lms.storage.projection import OpenedAttempt

MOST = 3
"""Unspent tickets for one test at once."""
LAST = timedelta(days=90)


class NoTicket(Refusal):
    """No ticket is given; `why` is the word that programs know it by."""

    why: ClassVar[str]
    status = 409


class NoneLeft(NoTicket):
    """Every attempt that the test allows has been opened."""

    why = "none_left"
    message = N_("You have used every attempt that this test allows. Ask your coordinator what you can do.")


class TooMany(NoTicket):
    """As many are away as may be."""

    why = "too_many"
    message = N_("You have taken away as many attempts as you may at once. Use one of them first.")


class NotOffline(NoTicket):
    """The test is not to be taken without a network."""

    why = "not_offline"
    message = N_("This test can only be taken with a connection.")


class OtherMajor(NoTicket):
    """The course was begun anew since the phone took it."""

    why = "other_major"
    message = N_("This course has changed a lot since you took it away. Bring it up to date first, then take the test.")


def open_ahead(
    tx: Connection, desk: Desk, where: Where, *, device: str, ask: str, count: int, now: datetime
) -> list[OpenedAttempt]:
    """Up to `count` attempts at the test of `where`, spent and for that phone: those of the same `ask` (a UUID) again, as long
    as the phone may not have got them, or new ones, as many as may be. `where.release` is the course as the phone has it.

    Raises UnknownPage, NotEnrolled, NoneLeft, TooMany, NotOffline, OtherMajor.
    """
    hold(tx, where)
    view = enter(tx, desk.catalogue, learner=where.learner, course=where.course, language=where.language)
    module = view.module_now(where.module)
    ids = [_id(ask, where, device, number) for number in range(1, MOST + 1)]
    given = _given(tx, ids)
    if given:
        return given
    _check(view, module, where.release)
    ids = ids[: min(count, _free(tx, view, where, module, now))]
    data = {"device": device, "expires": timestamp(now + LAST)}
    for each in ids:
        spend(tx, desk, where, view, module, attempt=each, more=data, now=now)
    return _given(tx, ids)


def _check(view: View, module: Module, phones: str) -> None:
    """Raises UnknownPage, NotOffline, OtherMajor."""
    if module.test is None:
        raise UnknownPage
    if not module.test.offline:
        raise NotOffline
    majors = view.lineage.majors
    if majors.get(phones, view.release.course.major) != view.release.course.major:
        raise OtherMajor


def _free(tx: Connection, view: View, where: Where, module: Module, now: datetime) -> int:
    """How many more may be opened ahead: at least one. Raises NoneLeft, TooMany."""
    allowed = chances(tx, view, learner=where.learner, module=module, now=now)
    if allowed.left == 0:
        raise NoneLeft
    free = MOST - len(allowed.away)
    if free <= 0:
        raise TooMany
    return free if allowed.left is None else min(free, allowed.left)


def _given(tx: Connection, ids: Iterable[str]) -> list[OpenedAttempt]:
    return [found for each in ids if (found := projection.attempt(tx, each))]


def _id(ask: str, where: Where, device: str, number: int) -> str:
    """The id of an attempt, by what asked for it: a lost reply costs nothing. Of version 5, since one of 8 is paper's."""
    parts = (where.learner, device, where.course, where.module, str(number))
    return str(uuid.uuid5(uuid.UUID(ask), "/".join(parts)))
