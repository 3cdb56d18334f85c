"""Algorithms of our own that make statistical models of arrays, and assess data by them."""
