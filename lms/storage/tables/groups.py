"""Groups of people, and what the staff does, counts and sets."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from lms.storage.tables.base import Moment, Serial, metadata

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

first_codes = Table(  # one row at most: with it somebody makes the first administrator in the browser
    "first_codes",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the code
    Column(
        "holder", String(64), nullable=False, default=""
    ),  # SHA-256 of the token of the browser that it was typed in
    Column("expires_at", Moment, nullable=False),
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
