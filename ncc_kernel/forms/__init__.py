"""Forms in the browser: one widget of plain HTML, and the session that answers its messages."""
