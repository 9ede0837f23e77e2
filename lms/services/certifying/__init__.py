"""Certificates from being asked for to being checked, and the keys that sign them."""
