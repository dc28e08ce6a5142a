"""The screens of a mailing: how far it is, what to do about it, and its mail to look at."""
