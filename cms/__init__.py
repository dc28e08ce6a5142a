"""What happens when an editor presses a button, or when a reader asks.

May use ``pages`` and ``media``. ``docs/architecture.md`` draws the rooms.
"""
