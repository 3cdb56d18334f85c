"""Algorithms of our own that make data of nothing but their properties."""
