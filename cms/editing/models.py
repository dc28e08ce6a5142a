"""Django looks for models here; they are in files named after what they are for."""

from cms.editing.notifications import Notification

__all__ = ["Notification"]
