"""The pocket: phones that go away, lose their network and come back."""
