"""Who keeps accounts and groups, and that nobody gives more than they have."""
