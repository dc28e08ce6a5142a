"""A scheduler that looks once for what is due, and stops where it would wait for the next."""

from cms.scheduling.process.alarm import Alarm

__all__ = ["OneRound"]


class OneRound(Alarm):
    def wait(self, seconds):
        self.stopped = True
