"""Who gets newsletters: people join through the API, confirm by mail, and leave with one click.

May use submissions for what is counted, scheduling, perspective and what those may use.
"""
