"""The files of pictures in the presets, made in the background and shown to editors.

A worker makes them; ``media.renditions`` says how. It knows nothing of the API, which reads them.
"""
