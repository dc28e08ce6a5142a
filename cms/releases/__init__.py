"""Releases: many changes that readers see all at once.

May use ``cms.scheduling``, of which a release is one kind, and what that may use.
"""
