"""What has room for one page, checked against what will be there: addresses, singletons.

May use plans, kinds and the perspective. Whoever writes asks here under a lock of its own.
"""
