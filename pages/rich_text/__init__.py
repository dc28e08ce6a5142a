"""Formatted text: read once into blocks, from which HTML, plain text and Portable Text are made.

May use nothing of the other rooms.
"""
