"""The migrations of what is stored under the label ``editing``, and nothing else.

The models are in ``cms.mails`` and ``cms.calendar``; the roles have no models of their own.
"""
