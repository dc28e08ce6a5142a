"""What is translated into which language, for those who translate.

May use ``cms.admin`` and the pages.
"""
