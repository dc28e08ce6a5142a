"""The public schema: its root, the types of ``pages`` narrowed, and their resolvers.

May use ``cms.api.reading`` and what that may use.
"""
