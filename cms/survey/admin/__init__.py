"""The screen on which results are looked at and put into the draft of a survey page."""
