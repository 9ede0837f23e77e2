"""Who may come in: people, their roles, and every way in."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text

from lms.content.stems import fold
from lms.storage.tables.base import Moment, metadata


def _folded(context: Any) -> str:
    return fold(context.get_current_parameters()["display_name"])


people = Table(
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("username", String(40), nullable=False, unique=True),  # folded: see services.accounts
    Column("display_name", String(200), nullable=False),  # the name on her certificates
    Column(
        "folded_name", Text, nullable=False, default=_folded, server_default=""
    ),  # the same without accents, to find her by
    Column("passphrase_hash", Text, nullable=False),
    Column("recovery_hash", Text, nullable=True),  # argon2id of the one-use recovery code
    Column("must_change", Boolean, nullable=False, default=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("language", String(16), nullable=True),
    Column("preferences", Text, nullable=True),  # JSON: see lms.storage.preferences
    Column("external_id", String(64), nullable=True, unique=True),  # her institution's id for her, for importing again
    Column("institution", String(200), nullable=False, default=""),
    Column("institution_type", String(24), nullable=False, default=""),  # see lms.services.common.institutions
    Column("country", String(2), nullable=False, default=""),  # ISO 3166-1 alpha-2
    Column("phone", String(40), nullable=False, default=""),  # only where she or her institution gave it
    Column("created_at", Moment, nullable=False),
    Column("seen_on", Date, nullable=True),  # the day on which she last signed in: accounts that nobody uses may go
    Index("people_by_name", "folded_name", "id"),
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

second_steps = Table(  # passphrase or card were right, the code of the second factor is yet to come: no session
    "second_steps",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the cookie's value
    Column("person", String(36), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
)

throttles = Table(
    "throttles",
    metadata,
    Column("key", String(80), primary_key=True),  # `account:<hash>` or `address:<hash>`
    Column("failures", Integer, nullable=False),
    Column("blocked_until", Moment, nullable=True),
    Column("updated_at", Moment, nullable=False),
)
