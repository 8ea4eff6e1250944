"""The one object that a notebook holds."""
