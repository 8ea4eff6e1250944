"""Pages from executed notebooks."""
