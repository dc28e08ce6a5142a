"""What bends Wagtail's way from draft to publication: versions, revisions, rows and checks.

May use ``pages.blocks`` and the clock, and knows no page type.
"""
