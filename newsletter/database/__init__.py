"""The embedded database: a current SQLite, and the one gate that its writers pass."""
