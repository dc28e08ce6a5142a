"""Editions of newsletters as mails: composed from what the API answers, and sent to subscribers.

May use the API, subscriptions, the worker and what those may use.
"""
