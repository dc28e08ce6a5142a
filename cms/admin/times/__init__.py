"""Moments as editors enter and read them, in their own time zone."""
