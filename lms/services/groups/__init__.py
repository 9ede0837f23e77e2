"""Groups, who is in them, and who looks after them."""
