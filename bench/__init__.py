"""Measures of the server against the floor of this kernel. They print figures; nothing here is a test."""
