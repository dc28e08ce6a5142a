"""Which conditions could be changed and no test would tell: `make mutants`.

Each comparison, condition, truth value and number of the code is changed by itself, in a copy of
the tree, and the tests that run it are run. A change that none of them notices is either a test
that is missing, or an entry of `explained.toml`, which says why it cannot matter.
"""
