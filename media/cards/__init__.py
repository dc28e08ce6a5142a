"""The picture that social networks show of a page that has none: its title, on the site's colours.

Each is the same whenever it is drawn, so that none has to be kept.
"""
