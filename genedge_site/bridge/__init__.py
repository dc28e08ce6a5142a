"""Between the server and the application: requests come and answers leave at each peer's own pace,
and a thread is held only while the application works. It speaks RSGI, granian's own protocol."""

from genedge_site.bridge.answers import FilePart
from genedge_site.bridge.bridge import Bridge
from genedge_site.bridge.limits import BodyLimits

__all__ = ["BodyLimits", "Bridge", "FilePart"]
