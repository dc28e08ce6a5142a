"""The screens of search in the admin: what goes first for which words, and what found nothing."""
