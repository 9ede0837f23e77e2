"""A learner's own things (preferences, bookmarks, notes), what she tells the authors, and what applies in her country."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The tables for them, empty."""
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("preferences", sa.Text(), nullable=True))
    op.create_table("bookmarks", *_place(key=True), sa.Column("made_at", sa.DateTime(timezone=True), nullable=False))
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=36), nullable=False),
        *_place(),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notes_of_learner", "notes", ["learner", "course"])
    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("course", sa.String(length=64), nullable=False),
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.Column("module", sa.String(length=64), nullable=False),
        sa.Column("anchor", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reports_course", "reports", ["course"])
    op.create_table(
        "comments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("course", sa.String(length=64), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_comments_course", "comments", ["course"])
    op.create_table(
        "countries",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )


def _place(*, key: bool = False) -> list[sa.schema.SchemaItem]:
    lengths = {"learner": 36, "course": 64, "module": 64, "anchor": 80}
    columns = [sa.Column(name, sa.String(length=length), nullable=False) for name, length in lengths.items()]
    return [*columns, sa.PrimaryKeyConstraint(*lengths)] if key else [*columns]
