"""Finding things by their words: what is asked, what the database is asked, and excerpts."""
