"""Algorithms of our own that put shapes at places of data, and choose the places."""
