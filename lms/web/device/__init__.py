"""What a phone asks without a page: lines sent, answers in JSON."""
