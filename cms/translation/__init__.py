"""Translating: what is in which language, beginning it, side by side with the original.

May use ``cms.admin``, ``cms.perspective`` and the pages.
"""
