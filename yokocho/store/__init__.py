"""The store: what an instance must not forget, in SQLite and in content-addressed files."""
