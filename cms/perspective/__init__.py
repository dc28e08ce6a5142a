"""What readers see: visibility, pending changes, and the perspective of a request.

May use ``cms.database`` and models of ``pages`` and ``media``; what is pending is asked of the
sources that the rooms above register.
"""
