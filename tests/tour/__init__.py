"""A walk past every template and state, for looking at them and for holding them to account."""
