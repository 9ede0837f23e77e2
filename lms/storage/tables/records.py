"""What learners did: the log of events and what it adds up to; certificates."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from lms.storage.tables.base import Moment, Serial, metadata

store = Table(
    "store",
    metadata,
    Column("one", Integer, primary_key=True),  # always 1: a database is one store
    Column("id", String(16), nullable=False),  # short opaque code, as in `ana.K7`
    Column("device", String(36), nullable=False),  # new for each epoch
    Column("epoch", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
)

OF_CLOCK = text("type = 'store.clock_confirmed'")
"""Written out: an index of some rows is used only by a query that says so in the same words."""
OF_PHONES = text("proof <> 'own'")
OF_ERASED = text("type = 'store.learner_erased'")

events = Table(
    "events",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=True),
    Column("learner", String(36), nullable=True),
    Column("course", String(64), nullable=True),
    Column("type", String(60), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("skew_ms", BigInteger, nullable=False),
    Column("via", String(20), nullable=False),  # web | pocket | bundle | file
    Column("origin_store", String(16), nullable=True),
    Column("device", String(36), nullable=True),  # the phone's, and its number there; none for the store's own lines
    Column("n", Integer, nullable=True),
    Column("proof", String(8), nullable=False, default="own", server_default="own"),  # own | device | empty: unproven
    Column("why", String(12), nullable=False, default="", server_default=""),  # it is not: see lms.learning.countable
    Index("events_of_learner", "learner", "course"),
    Index("events_received", "received_at"),
    Index("events_of_clock", "seq", sqlite_where=OF_CLOCK, postgresql_where=OF_CLOCK),
    Index("events_of_phones", "device", "learner", "n", "proof", sqlite_where=OF_PHONES, postgresql_where=OF_PHONES),
    Index("events_of_erased", "seq", sqlite_where=OF_ERASED, postgresql_where=OF_ERASED),
    sqlite_autoincrement=True,
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("id", String(36), nullable=False, index=True),
    Column("raw", LargeBinary, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=True),  # when somebody of the staff put it aside
    Column("seen_by", String(36), nullable=False, default=""),  # empty: the command line
    Column("seen_why", String(200), nullable=False, default=""),
    Column("signature", LargeBinary, nullable=True),
    Column("via", String(20), nullable=False, default="", server_default=""),  # as an event's
)

devices = Table(  # phones that may write for somebody, each with a key of its own, and how far their lines are here
    "devices",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("learner", String(36), primary_key=True, index=True),
    Column("key", String(200), nullable=False),  # SPKI, in base64url
    Column("name", String(80), nullable=False),  # what she calls it
    Column("grant_id", String(36), nullable=False),  # of the event that grants it now
    Column("granted_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment, nullable=True),
    Column("revoked_why", String(12), nullable=False, default=""),  # passphrase | self | staff | removed
    Column("received_at", Moment, nullable=True),  # when it last sent something
    Column("complete_to", Integer, nullable=False, default=0),  # every proven line up to this number is here
    Column("forked_at", Integer, nullable=True),  # the first number that two different proven lines have
)

quotas = Table(  # how much came from a phone, or without a proof from an address, in a day
    "quotas",
    metadata,
    Column("key", String(64), primary_key=True),  # SHA-256 of what is counted
    Column("day", Date, primary_key=True),
    Column("lines", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("device", String(36), primary_key=True),
    Column("learner", String(36), primary_key=True),  # empty for events of no learner
    Column("n", Integer, nullable=False),
)

progress = Table(
    "progress",
    metadata,
    Column("learner", String(36), primary_key=True),
    Column("course", String(64), primary_key=True),
    Column("started_at", Moment, nullable=True),  # from here on its learning.summary.Summary
    Column("last_at", Moment, nullable=True),
    Column("completed_at", Moment, nullable=True),
    Column("major", Integer, nullable=True),
    Column("release", String(64), nullable=False, default=""),
    Column("score", Float, nullable=True),
    Column(
        "body", Text, nullable=False
    ),  # canonical JSON of learning.progress.Progress; last, for lists do not read it
    Index("progress_completed", "course", "completed_at", "learner"),  # all that is counted
    Index("progress_of_course", "course", "learner", "completed_at"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("learner", String(36), nullable=False),
    Column("course", String(64), nullable=False),
    Column("module", String(64), nullable=False),
    Column("release", String(64), nullable=False),
    Column("drawn", Text, nullable=False),  # JSON list of question ids, in the order shown
    Column("seed", String(64), nullable=False),  # of wire keys and orders
    Column("opened_at", Moment, nullable=False),
    Column("device", String(36), nullable=False, default="", server_default=""),  # the phone whose ticket it is
    Column("expires_at", Moment, nullable=True),  # when that ends
    Index("attempts_of_learner", "learner", "course", "module"),
)

certificates = Table(
    "certificates",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("learner", String(36), nullable=True),  # none once its holder's name was erased
    Column("course", String(64), nullable=False),
    Column("major", Integer, nullable=False),
    Column("edition", Integer, nullable=False, default=1),  # one more for each that replaces another
    Column("state", String(12), nullable=False, index=True),  # requested | issued | replaced | revoked
    Column("credential", Text, nullable=False),  # JSON: what the certificate says, frozen at the request
    Column("requested_at", Moment, nullable=False),
    Column("issued_at", Moment, nullable=True),
    Column("replaces", String(24), nullable=True, index=True),  # the number in whose place it is
    Column("ended_on", Date, nullable=True),  # when it was replaced or revoked
    UniqueConstraint("learner", "course", "major", "edition", name="certificates_once"),
)

certificate_files = Table(
    "certificate_files",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("kind", String(8), primary_key=True),  # see lms.storage.certificates
    Column("sha256", String(64), nullable=False, index=True),
    Column("bytes", LargeBinary, nullable=True),  # as they were signed; none once the holder's name was erased
)
