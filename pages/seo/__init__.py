"""What search engines and social networks are told of a page, and how its editor sees that.

Knows no page type: each says in ``linked_data`` which things of schema.org it is about.
"""
