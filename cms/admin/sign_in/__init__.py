"""Who may try a password, how often, and from where.

django-axes asks and tells here on each sign-in; what it does not know of, the passwords of
collections and the form for a lost password, ``middleware.py`` counts in the same way.
"""
