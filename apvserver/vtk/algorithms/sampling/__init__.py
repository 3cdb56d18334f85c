"""Algorithms of our own that look into data at places."""
