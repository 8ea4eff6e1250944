"""Pictures with their finding as title, and their table."""
