"""Documents, limits and execution: GraphQL itself.

May use graphql-core alone; knows neither content nor Django's models.
"""
