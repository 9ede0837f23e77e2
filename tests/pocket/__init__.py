"""The pocket: what a phone keeps, does and sends."""
