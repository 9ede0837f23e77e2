"""Accounts: how they are opened, entered, given powers, told of, linked and erased."""
