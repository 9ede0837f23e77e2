"""Two accounts of one person."""

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
