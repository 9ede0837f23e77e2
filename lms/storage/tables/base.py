"""What every table is made of."""

from sqlalchemy import BigInteger, DateTime, Integer, MetaData
from sqlalchemy.types import TypeEngine

metadata = MetaData()
Serial: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")
Moment = DateTime(timezone=True)
"""Aware UTC. SQLite keeps no zone: read through `lms.storage.database.utc`."""
