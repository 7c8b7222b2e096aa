"""Django's SQLite backend with one gate for all writers of all processes."""
