"""Courses as they were published, and what belongs to them."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from lms.storage.tables.base import Moment, metadata

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

search = Table(  # made from the release and made anew when its version rises: see docs/decisions/0014
    "search",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the release
    Column("language", String(16), primary_key=True),
    Column("version", Integer, nullable=False),  # lms.content.search.VERSION that wrote it
    Column("body", LargeBinary, nullable=False),  # zlib of its JSON
)

pack_files = Table(  # the texts that phones fetch by their hash, which are made anew: see docs/decisions/0043
    "pack_files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("release", String(64), nullable=False),
)

countries = Table(  # what applies in each country, with the day on which somebody checked it
    "countries",
    metadata,
    Column("code", String(2), primary_key=True),  # ISO 3166-1 alpha-2
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON
)
