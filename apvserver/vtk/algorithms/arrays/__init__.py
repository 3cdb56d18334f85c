"""Algorithms of our own that hand data on with other arrays."""
