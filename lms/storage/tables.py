"""Every table. Synced data carries no foreign key and no other unique constraint than its id (docs/decisions/0002)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()
Serial: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")
Moment = DateTime(timezone=True)
"""Aware UTC. SQLite keeps no zone: read through `lms.storage.database.utc`."""

store = Table(
    "store",
    metadata,
    Column("one", Integer, primary_key=True),  # always 1: a database is one store
    Column("id", String(16), nullable=False),  # short opaque code, as in `ana.K7`
    Column("device", String(36), nullable=False),  # new for each epoch
    Column("epoch", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("username", String(40), nullable=False, unique=True),  # folded: see services.accounts
    Column("display_name", String(200), nullable=False),  # the name on her certificates
    Column("passphrase_hash", Text, nullable=False),
    Column("recovery_hash", Text, nullable=True),  # argon2id of the one-use recovery code
    Column("must_change", Boolean, nullable=False, default=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("language", String(16), nullable=True),
    Column("preferences", Text, nullable=True),  # JSON: see lms.storage.preferences
    Column("external_id", String(64), nullable=True, unique=True),  # her institution's id for her, for importing again
    Column("institution", String(200), nullable=False, default=""),
    Column("institution_type", String(24), nullable=False, default=""),  # see lms.services.institutions
    Column("country", String(2), nullable=False, default=""),  # ISO 3166-1 alpha-2
    Column("phone", String(40), nullable=False, default=""),  # only where she or her institution gave it
    Column("created_at", Moment, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("person", String(36), primary_key=True),
    Column("role", String(20), primary_key=True),  # learner | author | coordinator | administrator
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the cookie's value
    Column("person", String(36), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("confirmed_at", Moment, nullable=True),  # when she last typed her passphrase again, or her second factor
)

login_cards = Table(  # a card with a QR code: it and a PIN sign her in, neither alone
    "login_cards",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the card's secret
    Column("person", String(36), nullable=False, index=True),
    Column("pin_hash", Text, nullable=False),  # argon2id
    Column("made_at", Moment, nullable=False),
    Column("voided_at", Moment, nullable=True),
)

resets = Table(  # the last time that somebody of the staff gave her a way back in
    "resets",
    metadata,
    Column("person", String(36), primary_key=True),
    Column("code_hash", Text, nullable=True),  # argon2id of the one-time code; none once it was used
    Column("expires_at", Moment, nullable=False),
    Column("by", String(36), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("seen", Boolean, nullable=False, default=False),  # whether she has been told
)

second_factors = Table(  # of coordinators and administrators: RFC 6238
    "second_factors",
    metadata,
    Column("person", String(36), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("confirmed_at", Moment, nullable=True),
    Column("last_step", BigInteger, nullable=False, default=0),  # a code is taken once
)

recovery_codes = Table(  # instead of a second factor, each once
    "recovery_codes",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", String(36), nullable=False, index=True),
)

audit = Table(  # every act of the staff, each line with the hash of the one before (docs/decisions/0028)
    "audit",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(36), nullable=False, index=True),  # empty: the command line
    Column("act", String(40), nullable=False, index=True),
    Column("subject", String(64), nullable=False, index=True),  # whom or what it was done to
    Column("data", Text, nullable=False),  # canonical JSON
    Column("hash", String(64), nullable=False),
    sqlite_autoincrement=True,
)

links = Table(  # the same person twice: counts take the one that she is the same as
    "links",
    metadata,
    Column("person", String(36), primary_key=True),
    Column("same_as", String(36), nullable=False, index=True),
    Column("linked_at", Moment, nullable=False),
)

goals = Table(  # of the programme: people trained or certificates in a year
    "goals",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("measure", String(16), nullable=False),  # people | certificates
    Column("year", Integer, nullable=False),
    Column("quarter", Integer, nullable=False, default=0),  # 0: the whole year
    Column("course", String(64), nullable=False, default=""),  # empty: all
    Column("country", String(2), nullable=False, default=""),
    Column("institution_type", String(24), nullable=False, default=""),
    Column("target", Integer, nullable=False),
)

settings = Table(  # what was set in the browser; the file and the environment win
    "settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("changed_at", Moment, nullable=False),
)

throttles = Table(
    "throttles",
    metadata,
    Column("key", String(80), primary_key=True),  # `account:<hash>` or `address:<hash>`
    Column("failures", Integer, nullable=False),
    Column("blocked_until", Moment, nullable=True),
    Column("updated_at", Moment, nullable=False),
)

cohorts = Table(
    "cohorts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("code", String(20), nullable=False, unique=True),
    Column("cap", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("starts_on", Date, nullable=True),
    Column("ends_on", Date, nullable=True),
    Column("institution_type", String(24), nullable=False, default=""),
    Column("country", String(2), nullable=False, default=""),
    Column("closed_at", Moment, nullable=True),  # put away: nobody joins, and lists leave it out
)

cohort_courses = Table(
    "cohort_courses",
    metadata,
    Column("cohort", String(36), primary_key=True),
    Column("course", String(64), primary_key=True),
)

cohort_coordinators = Table(
    "cohort_coordinators",
    metadata,
    Column("cohort", String(36), primary_key=True),
    Column("person", String(36), primary_key=True, index=True),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("person", String(36), primary_key=True),
    Column("course", String(64), primary_key=True),
    Column("cohort", String(36), primary_key=True, default=""),  # empty: by herself
    Column("created_at", Moment, nullable=False),
    Index("enrolments_of_cohort", "cohort", "person", "course"),
)

releases = Table(
    "releases",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("course", String(64), nullable=False, index=True),
    Column("version", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),  # canonical JSON, zlib
    Column("published_at", Moment, nullable=False),
)

courses = Table(
    "courses",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("live", String(64), nullable=False),  # digest of the release learners get
    Column("source_digest", String(64), nullable=False),  # of the folder: unchanged means nothing to do
    Column("position", Integer, nullable=False, default=0),
)

media = Table(
    "media",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("type", String(60), nullable=False),
    Column("bytes", LargeBinary, nullable=False),
)

OF_CLOCK = text("type = 'store.clock_confirmed'")
"""Written out: an index of some rows is used only by a query that says so in the same words."""

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
    Index("events_of_learner", "learner", "course"),
    Index("events_received", "received_at"),
    Index("events_of_clock", "seq", sqlite_where=OF_CLOCK, postgresql_where=OF_CLOCK),
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
    Index("attempts_of_learner", "learner", "course", "module"),
)

search = Table(  # made from the release and made anew when its version rises: see docs/decisions/0014
    "search",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the release
    Column("language", String(16), primary_key=True),
    Column("version", Integer, nullable=False),  # lms.content.search.VERSION that wrote it
    Column("body", LargeBinary, nullable=False),  # zlib of its JSON
)

drafts = Table(
    "drafts",
    metadata,
    Column("learner", String(36), primary_key=True),
    Column("item", String(200), primary_key=True),  # `<course>/<module>/<quiz>` (ids of 64) or an attempt's id
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

tallies = Table(  # of polls: how often each option was chosen, by nobody in particular
    "tallies",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("poll", String(64), primary_key=True),
    Column("option", String(16), primary_key=True),
    Column("n", Integer, nullable=False),
)

voters = Table(  # who has answered a poll, so that each counts once; never what
    "voters",
    metadata,
    Column("course", String(64), primary_key=True),
    Column("poll", String(64), primary_key=True),
    Column("learner", String(36), primary_key=True),
)

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("learner", String(36), primary_key=True),
    Column("course", String(64), primary_key=True),
    Column("module", String(64), primary_key=True),
    Column("anchor", String(80), primary_key=True),  # of a heading; empty: the top of the module
    Column("made_at", Moment, nullable=False),
)

notes = Table(  # private: in no event, no roster, no bundle
    "notes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("learner", String(36), nullable=False),
    Column("course", String(64), nullable=False),
    Column("module", String(64), nullable=False),
    Column("anchor", String(80), nullable=False),  # as a bookmark's
    Column("body", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("notes_of_learner", "learner", "course"),
)

reports = Table(  # of mistakes: by nobody in particular
    "reports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("course", String(64), nullable=False, index=True),  # empty: a page of no course
    Column("release", String(64), nullable=False),
    Column("module", String(64), nullable=False),
    Column("anchor", String(80), nullable=False),
    Column("language", String(16), nullable=False),
    Column("page", String(200), nullable=False),
    Column("kind", String(12), nullable=False),  # see lms.services.reports
    Column("body", Text, nullable=False),
    Column("state", String(12), nullable=False, default="new"),  # new | done
    Column("made_on", Date, nullable=False),  # no moment, which could tell who it was
)

comments = Table(  # at the end of a course: by nobody, with no moment that could tell who it was
    "comments",
    metadata,
    Column("id", String(36), primary_key=True),  # random, so that it has no order either
    Column("course", String(64), nullable=False, index=True),
    Column("major", Integer, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,  # a rowid would be one
)

countries = Table(  # what applies in each country, with the day on which somebody checked it
    "countries",
    metadata,
    Column("code", String(2), primary_key=True),  # ISO 3166-1 alpha-2
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON
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
