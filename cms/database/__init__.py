"""Statements that are kept, snapshots, and rows laid over tables.

May use Django and the database drivers; knows no Wagtail and no content.
"""
