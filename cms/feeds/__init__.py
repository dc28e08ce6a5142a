"""What machines read besides the API: sitemap, ``robots.txt``, ``llms.txt``, Atom feeds, forums as
iCalendar, pages as Markdown, and the cards of pages that social networks show.

May use ``cms.api`` and what that may use. All of it is what readers see, whoever asks.
"""
