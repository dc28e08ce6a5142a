"""The GraphQL API: ``http`` over ``operations`` over ``schema`` over ``reading`` over ``engine``.

May use ``cms.outbox`` and ``cms.perspective``.
"""
