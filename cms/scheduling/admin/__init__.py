"""The scheduled changes of a page or snippet, beside its form."""
