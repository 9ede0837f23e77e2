"""What coordinators need: where people work, cards and codes to get in, second factors, an audit, links, goals, settings;
what lists say of each learner in a course beside her progress."""

import sqlalchemy as sa
from alembic import op

from lms.content.stems import fold

revision = "0005"
down_revision = "0004"

OWN = {
    "people": {
        "username": "VARCHAR(40)",
        "display_name": "VARCHAR(200)",
        "folded_name": "TEXT",
        "passphrase_hash": "TEXT",
        "recovery_hash": "TEXT",
        "preferences": "TEXT",
        "external_id": "VARCHAR(64)",
        "institution": "VARCHAR(200)",
        "phone": "VARCHAR(40)",
    },
    "login_cards": {"pin_hash": "TEXT"},
    "resets": {"code_hash": "TEXT"},
    "second_factors": {"secret": "VARCHAR(64)"},
    "notes": {"body": "TEXT"},
    "bookmarks": {"anchor": "VARCHAR(80)"},
    "drafts": {"body": "TEXT"},
    "events": {"raw": "BYTEA", "signature": "BYTEA"},
    "quarantine": {"raw": "BYTEA", "seen_why": "VARCHAR(200)"},
    "progress": {"body": "TEXT"},
    "certificates": {"credential": "TEXT"},
    "certificate_files": {"bytes": "BYTEA"},
    "comments": {"body": "TEXT"},
    "reports": {"body": "TEXT"},
    "audit": {"data": "TEXT"},
}
"""What is somebody's own, with its type. PostgreSQL keeps samples of each column's values for its plans, and those of a table that became
empty for good: somebody who was erased would stay in them."""


def upgrade() -> None:
    """Progress rows are of another form from now on: `lms init` makes them anew from the log."""
    moment = sa.DateTime(timezone=True)
    op.add_column("people", sa.Column("external_id", sa.String(length=64), nullable=True))
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("folded_name", sa.Text(), nullable=False, server_default=""))
        people.create_unique_constraint("people_external_id_key", ["external_id"])
        for name, length in (("institution", 200), ("institution_type", 24), ("country", 2), ("phone", 40)):
            people.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    _fold_names()
    op.add_column("people", sa.Column("seen_on", sa.Date(), nullable=True))
    op.execute("UPDATE people SET seen_on = CURRENT_DATE")  # nobody knows: as if everybody had just been here
    op.add_column("sessions", sa.Column("confirmed_at", moment, nullable=True))
    op.add_column("quarantine", sa.Column("seen_at", moment, nullable=True))
    op.add_column("quarantine", sa.Column("seen_by", sa.String(length=36), nullable=False, server_default=""))
    op.add_column("quarantine", sa.Column("seen_why", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("cohorts") as cohorts:
        cohorts.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        cohorts.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        cohorts.add_column(sa.Column("institution_type", sa.String(length=24), nullable=False, server_default=""))
        cohorts.add_column(sa.Column("country", sa.String(length=2), nullable=False, server_default=""))
        cohorts.add_column(sa.Column("closed_at", moment, nullable=True))
    order = ("learner", "course", "started_at", "last_at", "completed_at", "major", "release", "score", "body")
    with op.batch_alter_table("progress", partial_reordering=[order]) as progress:
        for name in ("started_at", "last_at", "completed_at"):
            progress.add_column(sa.Column(name, moment, nullable=True))
        progress.add_column(sa.Column("major", sa.Integer(), nullable=True))
        progress.add_column(sa.Column("release", sa.String(length=64), nullable=False, server_default=""))
        progress.add_column(sa.Column("score", sa.Float(), nullable=True))
    op.create_index("progress_completed", "progress", ["course", "completed_at", "learner"])
    op.create_index("progress_of_course", "progress", ["course", "learner", "completed_at"])
    op.create_index("enrolments_of_cohort", "enrolments", ["cohort", "person", "course"])
    op.create_table(
        "login_cards",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("voided_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_login_cards_person", "login_cards", ["person"])
    op.create_table(
        "resets",
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "second_factors",
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_recovery_codes_person", "recovery_codes", ["person"])
    op.create_table(
        "second_steps",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_second_steps_person", "second_steps", ["person"])
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    for name in ("actor", "act", "subject"):
        op.create_index(f"ix_audit_{name}", "audit", [name])
    op.create_table(
        "links",
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("same_as", sa.String(length=36), nullable=False),
        sa.Column("linked_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_index("ix_links_same_as", "links", ["same_as"])
    op.create_table(
        "gains",
        sa.Column("learner", sa.String(length=36), nullable=False),
        sa.Column("course", sa.String(length=64), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=1), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "course", "major"),
    )
    op.create_table(
        "goals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("institution_type", sa.String(length=24), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "first_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _keep_no_samples()


def _fold_names() -> None:
    """Names can be looked for without their accents."""
    op.create_index("people_by_name", "people", ["folded_name", "id"])
    people = sa.table("people", *map(sa.column, ("id", "display_name", "folded_name")))
    known = op.get_bind().execute(sa.select(people.c.id, people.c.display_name)).all()
    change = sa.update(people).where(people.c.id == sa.bindparam("whose")).values(folded_name=sa.bindparam("name"))
    if known:
        op.get_bind().execute(change, [{"whose": each.id, "name": fold(each.display_name)} for each in known])


def _keep_no_samples() -> None:
    """Those that it has are dropped, as whenever a column gets a type, and it takes no others."""
    for table, columns in OWN.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind}")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS 0")
