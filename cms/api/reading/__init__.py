"""How resolvers reach content: batched, and only what the reader may see.

May use ``cms.perspective``, ``cms.database`` and the engine.
"""
