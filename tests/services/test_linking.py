"""Two accounts of one person."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lms.services.common.record import Pen
from lms.services.people import linking
from lms.services.people.linking import NotLinked, SameAlready
from lms.storage import audit, links
from lms.storage.database import Database
from tests.conftest import NOW
from tests.services.conftest import add_person


def test_linked_they_stand_for_one_and_unlinked_for_themselves(database: Database, pen: Pen) -> None:
    a, b, c = (add_person(database, pen, name, "tres palabras sueltas").id for name in ("ana", "beto", "cata"))
    with database.writing() as tx:
        linking.link(tx, pen, person=a, same_as=b, by="", now=NOW)
        linking.link(tx, pen, person=a, same_as=c, by="", now=NOW)  # and so b with it
        assert [links.stands_for(tx, each) for each in (a, b, c)] == [c, c, c]
        for one, other in ((b, a), (c, a), (a, a)):
            with pytest.raises(SameAlready):
                linking.link(tx, pen, person=one, same_as=other, by="", now=NOW)
        linking.unlink(tx, pen, person=a, by="", now=NOW)
        assert [links.stands_for(tx, each) for each in (a, b, c)] == [a, c, c]
        with pytest.raises(NotLinked):
            linking.unlink(tx, pen, person=a, by="", now=NOW)
        assert [each.act for each in audit.lines(tx)] == ["people-unlinked", "people-linked", "people-linked"]


def test_who_links_at_the_same_moment_waits_for_the_other(database: Database, pen: Pen) -> None:
    a, b, c = (add_person(database, pen, name, "tres palabras sueltas").id for name in ("ana", "beto", "cata"))

    def link(person: str, same_as: str) -> None:
        with database.writing() as tx:
            linking.link(tx, pen, person=person, same_as=same_as, by="", now=NOW)

    with ThreadPoolExecutor() as pool:
        with database.writing() as tx:
            linking.link(tx, pen, person=a, same_as=b, by="", now=NOW)
            others = [pool.submit(link, b, c), pool.submit(link, a, b)]
            time.sleep(0.2)  # as far as they come; however far that is, it ends well
        for each in others:
            each.exception()
    with database.reading() as tx:
        assert [links.stands_for(tx, each) for each in (a, b, c)] == [c, c, c], (
            "no account stands for one that does not count"
        )
    assert others[0].exception() is None
    assert isinstance(others[1].exception(), SameAlready)
