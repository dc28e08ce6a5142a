"""What readers search: the words of what is published, and what they were searched for in vain.

It is written in the transaction that writes the content. What readers may see, the API decides.
"""
