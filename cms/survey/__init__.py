"""Computes what a survey found, from the answers to its form or a table, into a draft of its page.

Uses ``cms.submissions`` and the blocks of ``pages``; nothing uses it.
"""
