"""Advice on what a course says: how long, how plain, how fair, how well sourced. Only warnings, and only for who asks."""
