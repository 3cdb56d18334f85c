"""Algorithms of our own that say something of data, or of the time, as a table with one text."""
