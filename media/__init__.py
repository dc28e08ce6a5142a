"""Files: the images and documents that editors upload. Knows nothing above."""
