"""What editors see before readers do: previews, the site as of a moment, preview tokens.

May use ``cms.api`` and ``cms.releases`` and what those may use.
"""
