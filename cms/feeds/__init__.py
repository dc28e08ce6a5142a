"""What machines read besides the API: sitemap, ``robots.txt``, ``llms.txt``, Atom feeds, forums as
iCalendar, pages as Markdown.

May use ``cms.api`` and what that may use. All of it is what readers see, whoever asks.
"""
