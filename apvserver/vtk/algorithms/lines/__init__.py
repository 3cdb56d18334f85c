"""Algorithms of our own that put lines in order, and follow them."""
