"""Long work that nobody waits for, in a process beside the server: each kind registers itself.

May use scheduling's processes and the clock. Knows none of the kinds of work.
"""
