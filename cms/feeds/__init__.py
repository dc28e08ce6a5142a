"""What machines read besides the API: the sitemap, ``robots.txt``, Atom feeds, forums as iCalendar.

May use ``cms.api`` and what that may use. All of it is what readers see, whoever asks.
"""
