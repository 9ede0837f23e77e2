"""Advice on the wording."""
