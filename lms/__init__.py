"""Vereda: short courses that work without a network, and certificates that verify anywhere."""

__version__ = "0.1.0"
BUILT_ON = "2026-11-24"
"""The date of this version; a clock that says less is wrong (see docs/decisions/0006)."""
