"""The phone that takes courses along: what it sends, and what it is told."""
