"""Says why something was not done, to whoever tried it and whichever way: a screen or a program."""
