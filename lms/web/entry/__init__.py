"""The ways in: accounts, signing in, agreeing, a second factor, the first administrator."""
