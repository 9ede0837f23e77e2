"""What phones send: their lines in the log with their proof, the keys that were granted to them, tickets to tests."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

OWN = {"devices": {"name": "VARCHAR(80)"}, "quarantine": {"signature": "BYTEA"}}
"""What is somebody's own, with its type, as in 0005."""


def upgrade() -> None:
    """Every line that was here before is the store's own."""
    moment = sa.DateTime(timezone=True)
    op.add_column("events", sa.Column("device", sa.String(length=36), nullable=True))
    op.add_column("events", sa.Column("n", sa.Integer(), nullable=True))
    op.add_column("events", sa.Column("proof", sa.String(length=8), nullable=False, server_default="own"))
    op.add_column("events", sa.Column("why", sa.String(length=12), nullable=False, server_default=""))
    for name, columns, condition in (
        ("events_of_phones", ["device", "learner", "n", "proof"], sa.text("proof <> 'own'")),
        ("events_of_erased", ["seq"], sa.text("type = 'store.learner_erased'")),
    ):
        op.create_index(name, "events", columns, sqlite_where=condition, postgresql_where=condition)
    op.add_column("quarantine", sa.Column("signature", sa.LargeBinary(), nullable=True))
    op.add_column("quarantine", sa.Column("via", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("attempts", sa.Column("device", sa.String(length=36), nullable=False, server_default=""))
    op.add_column("attempts", sa.Column("expires_at", moment, nullable=True))
    op.create_table(
        "devices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("learner", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("granted_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("revoked_why", sa.String(length=12), nullable=False),
        sa.Column("received_at", moment, nullable=True),
        sa.Column("complete_to", sa.Integer(), nullable=False),
        sa.Column("forked_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", "learner"),
    )
    op.create_index("ix_devices_learner", "devices", ["learner"])
    op.create_table(
        "quotas",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "day"),
    )
    op.create_table(
        "pack_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, named in OWN.items():
            for name, kind in named.items():
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind}")
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS 0")
