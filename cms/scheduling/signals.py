"""What others can listen to."""

from django.dispatch import Signal

from pages.lifecycle.seen import ObjectKeys

__all__ = ["about_to_take_back", "change_failed", "scheduler_idle", "seen_so_far"]

# Sent by each scheduler when it has made all that was due, at least every few seconds.
scheduler_idle = Signal()

# Sent with a ``failure`` and its ``kind``, in the transaction that records it.
change_failed = Signal()

# Sent with ``objects`` (base content types and keys), in the transaction that is about to take back
# what readers see of them by the clock alone.
seen_so_far = Signal()


def about_to_take_back(objects: ObjectKeys) -> None:
    seen_so_far.send(sender=None, objects=objects)
