"""The API's addresses, after the GraphQL-over-HTTP specification."""
