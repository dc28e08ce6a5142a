"""Releases in the admin: their list and page, what goes into them, and what is decided."""
