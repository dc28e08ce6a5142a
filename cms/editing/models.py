"""Django looks for models here; they are in files named after what they are for."""

from cms.editing.calendar_link import CalendarLink
from cms.editing.notifications import Notification

__all__ = ["CalendarLink", "Notification"]
