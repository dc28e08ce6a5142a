"""What others can listen to."""

from django.dispatch import Signal

__all__ = ["change_failed", "scheduler_idle"]

# Sent by each scheduler when it has made all that was due, at least every few seconds.
scheduler_idle = Signal()

# Sent with a ``failure`` and its ``kind``, in the transaction that records it.
change_failed = Signal()
