"""Approving with open eyes: one screen that shows what changes, asks once and says what happened.

May use ``cms.releases`` and ``cms.scheduling`` and what those may use.
"""
