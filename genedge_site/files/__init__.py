"""Uploads as readers get them when they are in a bucket."""
