"""What all screens of the admin share: what they are about, permissions, times, looks.

May use ``cms.database`` and models of ``pages``; knows no scheduling.
"""
