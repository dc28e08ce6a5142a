"""Words: page types, snippets, blocks, and the content of a new site.

May use ``media``. A resolver here reaches other content through ``info.context.content``.
"""
