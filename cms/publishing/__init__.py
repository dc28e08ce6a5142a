"""The migrations of what is stored under the label ``publishing``, and nothing else.

The models are in ``cms.scheduling``, ``cms.releases`` and ``cms.perspective``.
"""
