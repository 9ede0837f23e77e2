"""Pages of whoever coordinates or administers."""
