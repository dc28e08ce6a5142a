"""What forms ask: the kinds of questions, and what is wrong with some before a form may open.

Knows no page: ``pages.models.form`` has the rows, ``cms.submissions`` takes the answers.
"""
