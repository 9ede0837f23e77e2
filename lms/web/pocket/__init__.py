"""Courses taken along on a phone: the page that works without a connection, and what it is given."""
