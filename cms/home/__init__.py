"""The first page of the admin.

May use ``cms.releases`` and ``cms.scheduling`` and what those may use.
"""
