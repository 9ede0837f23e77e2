"""What people agree to: the text under its version, and what each has said to it."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, text

from lms.i18n import translations
from lms.services.common.record import Pen
from lms.services.people import accounts, consent
from lms.services.people.consent import Agreement
from lms.storage import event_log, people, stores
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.tables import events, metadata
from tests.conftest import NOW
from tests.services.conftest import add_person

AGREED = Agreement(consent.VERSION, "es", "digest")
WORDING = {
    "2": {
        "es": "e3e062a4227ce7c140fb28ad2d2dc0363162a2253828e822bd81c49030c9a057",
        "en": "001601699ce6a4541ac4a4d768dd16d9612c0a73f9536b49df5a432696d62564",
    },
    "3": {
        "es": "1d16f4d0078326b52939022afce97d9186f2b6533e0f875d25b124d66133623b",
        "en": "f7adbb7eb523ae5c76f0156358678725e625070c49877ad21521605706097c96",
    },
}
"""The fingerprint of each version's text, with the issuer left out. Where the wording changes so that people agree to
something else, raise VERSION; where it only says the same better, write the new fingerprint here."""


def said(database: Database, person: Person) -> list[tuple[str, dict[str, object]]]:
    with database.reading() as tx:
        ids = tx.execute(select(events.c.id).where(events.c.learner == person.id).order_by(events.c.seq)).scalars()
        found = [event for each in ids if (event := event_log.find(tx, each)) and "consent" in event.type]
    return [(event.type, dict(event.data)) for event in found]


def now_of(database: Database, person: Person) -> Person:
    with database.reading() as tx:
        found = people.by_id(tx, person.id)
    assert found
    return found


def test_a_text_that_changes_gets_another_version() -> None:
    for language, digest in WORDING[consent.VERSION].items():
        wording = consent.told(translations(language).gettext, "…")
        assert consent.agreement(language, wording).digest == digest, language


def test_what_she_agreed_to_is_recorded_once(database: Database, pen: Pen) -> None:
    ana = add_person(database, pen, "ana")
    assert consent.is_asked(ana)
    for _ in range(2):
        with database.writing() as tx:
            consent.give(tx, pen, person=ana.id, agreed=AGREED, now=NOW)
    assert said(database, ana) == [
        ("learner.consent_given", {"version": consent.VERSION, "language": "es", "digest": "digest"})
    ]
    assert not consent.is_asked(now_of(database, ana))


def test_she_may_withdraw_and_agree_again(database: Database, pen: Pen) -> None:
    ana = add_person(database, pen, "ana")
    with database.writing() as tx:
        consent.give(tx, pen, person=ana.id, agreed=AGREED, now=NOW)
    for _ in range(2):
        with database.writing() as tx:
            consent.withdraw(tx, pen, person=ana.id, now=NOW)
    gone = now_of(database, ana)
    assert consent.is_asked(gone)
    assert not consent.may_record(gone)
    with database.writing() as tx:
        consent.give(tx, pen, person=ana.id, agreed=AGREED, now=NOW)
    back = now_of(database, ana)
    assert consent.may_record(back)
    assert not consent.is_asked(back)
    assert [kind for kind, _ in said(database, ana)] == [
        "learner.consent_given",
        "learner.consent_withdrawn",
        "learner.consent_given",
    ]


def test_whoever_agreed_to_an_older_text_is_asked_again(database: Database, pen: Pen) -> None:
    ana = add_person(database, pen, "ana")
    with database.writing() as tx:
        consent.give(tx, pen, person=ana.id, agreed=Agreement("1", "es", "older"), now=NOW)
    assert consent.is_asked(now_of(database, ana))
    assert consent.may_record(now_of(database, ana))


def test_what_is_agreed_to_is_what_is_shown() -> None:
    spoken = {language: consent.told(translations(language).gettext, "Vereda") for language in ("es", "en")}
    assert "Vereda" in " ".join(line for part in spoken["es"] for line in part.sentences)
    assert len({consent.agreement("es", text).digest for text in spoken.values()}) == 2
    longest = max((line for text in spoken.values() for part in text for line in part.sentences), key=len)
    assert all(len(sentence.split()) <= 20 for sentence in longest.split(". ")), longest


def test_her_account_comes_before_the_log(postgresql_url: str) -> None:
    """As when she changes her profile at the same moment: the other way round each would wait for the other."""
    database = Database(postgresql_url)
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    with database.writing() as tx:
        pen = Pen(store=stores.create(tx, now=NOW), sign=lambda raw: raw[:8])
    ana = add_person(database, pen, "ana")

    def withdraw() -> None:
        with database.writing() as tx:
            consent.withdraw(tx, pen, person=ana.id, now=NOW)

    with ThreadPoolExecutor(1) as other, database.writing() as tx:
        people.set_profile(tx, ana.id, display_name="Otra", language="es")
        waiting = other.submit(withdraw)
        while not _somebody_waits(database):
            assert not waiting.done()
        accounts.change_profile(tx, pen, person=ana, display_name="Ana Otra", language="es", now=NOW)
    waiting.result()
    assert not consent.may_record(now_of(database, ana))
    database.close()


def _somebody_waits(database: Database) -> bool:
    with database.reading() as tx:
        return bool(tx.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())
