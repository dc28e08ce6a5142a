"""Mails to those whom a step concerns.

May use ``cms.releases`` and ``cms.scheduling`` and what those may use.
"""
