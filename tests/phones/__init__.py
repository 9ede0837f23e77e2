"""Phones that go away, lose their network, their power and their store, and come back."""
