"""The sizes and formats in which pictures are offered, and how their files are made and kept."""
