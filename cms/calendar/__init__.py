"""The calendar of the admin, and the same as an iCalendar file.

May use ``cms.releases`` and ``cms.scheduling`` and what those may use.
"""
