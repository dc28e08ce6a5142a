"""Something that is done, or goes wrong, while something else goes live or is taken down."""

from contextlib import contextmanager

__all__ = ["whenever"]


@contextmanager
def whenever(signal, do):
    """Call something with whatever a signal of Wagtail's is about."""

    def listen(instance, **_):
        do(instance)

    signal.connect(listen)
    try:
        yield
    finally:
        signal.disconnect(listen)
