"""Certificates that are replaced, revoked, forgotten; every file of them kept; who looks after a cohort."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The certificates that were issued before keep their numbers and bytes."""
    op.create_table(
        "cohort_coordinators",
        sa.Column("cohort", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("cohort", "person"),
    )
    op.create_index("ix_cohort_coordinators_person", "cohort_coordinators", ["person"])
    op.create_table(
        "certificate_files",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", "kind"),
    )
    op.create_index("ix_certificate_files_sha256", "certificate_files", ["sha256"])
    op.execute(
        "INSERT INTO certificate_files (number, kind, sha256, bytes) "
        "SELECT number, 'pdf', sha256, pdf FROM certificates WHERE pdf IS NOT NULL"
    )
    same = "number, learner, course, major, state, credential, requested_at, issued_at"
    op.execute(f"CREATE TABLE certificates_before AS SELECT {same} FROM certificates")  # noqa: S608
    op.drop_table("certificates")
    op.create_table(
        "certificates",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("learner", sa.String(length=36), nullable=True),
        sa.Column("course", sa.String(length=64), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces", sa.String(length=24), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("learner", "course", "major", "edition", name="certificates_once"),
    )
    op.create_index("ix_certificates_state", "certificates", ["state"])
    op.create_index("ix_certificates_replaces", "certificates", ["replaces"])
    op.execute(f"INSERT INTO certificates ({same}, edition) SELECT {same}, 1 FROM certificates_before")  # noqa: S608
    op.drop_table("certificates_before")
    of_clock = sa.text("type = 'store.clock_confirmed'")
    op.create_index("events_received", "events", ["received_at"])
    op.create_index("events_of_clock", "events", ["seq"], sqlite_where=of_clock, postgresql_where=of_clock)
