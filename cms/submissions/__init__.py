"""What readers answer to forms: taking it, who is told, who may see it, and when it is deleted.

Which form readers see at an address, and what it asks just then, the API finds out. May use
``cms.scheduling``, ``cms.perspective`` and ``cms.admin``.
"""
