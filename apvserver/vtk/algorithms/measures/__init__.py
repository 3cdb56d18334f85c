"""Algorithms of our own that measure cells, and split them."""
