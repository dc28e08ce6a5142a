"""Search in the schema: what is found, counted, offered while someone types."""
