"""Pages of whoever learns."""
