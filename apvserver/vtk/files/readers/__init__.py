"""Readers of our own: algorithms that read one file each."""
