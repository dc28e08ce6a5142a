"""Where the program runs: settings, addresses, server and start.

May use everything below; nothing below knows it.
"""
