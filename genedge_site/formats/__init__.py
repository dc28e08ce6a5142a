"""How dates are written and read, by language, in place of Django's ways."""
