"""What a survey found, told in figures, tables, sentences and charts.

Knows no page: ``pages.models.survey`` has the blocks, ``cms.survey`` computes what is in them. All
of it is worked out from the stored form of a question.
"""
