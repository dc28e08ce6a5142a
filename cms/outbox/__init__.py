"""Content events, written in the transaction of the change they tell of.

May use ``cms.perspective``; everything that reacts to changes of content reads this log.
"""
