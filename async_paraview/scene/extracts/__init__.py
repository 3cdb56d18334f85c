"""Extractors as both sides know them: their types, and the names of the files that they write."""
