"""What readers lose when something is unpublished or deleted, and the redirect that is offered.

May use ``cms.releases`` and what that may use.
"""
