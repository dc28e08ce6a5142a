"""What is scheduled, what of it is due, and making that permanent.

May use ``cms.perspective`` and ``cms.admin``. Each kind of scheduled change is one class in
``kinds``; what runs by itself is in ``process``.
"""
