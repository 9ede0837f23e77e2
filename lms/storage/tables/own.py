"""What is a learner's own, and what is said by nobody in particular."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from lms.storage.tables.base import Moment, metadata

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

gains = Table(  # what somebody had right before a course, until she has answered after it; never what she answered
    "gains",
    metadata,
    Column("learner", String(36), primary_key=True),
    Column("course", String(64), primary_key=True),
    Column("major", Integer, primary_key=True),
    Column("form", String(1), nullable=False),
    Column("share", Integer, nullable=False),
    Column("day", Date, nullable=False),  # no moment is needed to know when a year is over
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
    Column("kind", String(12), nullable=False),  # see lms.services.studying.reports
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
