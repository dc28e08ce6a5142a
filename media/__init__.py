"""Files: the images and documents that editors upload, and what strangers send.

Knows nothing above.
"""
