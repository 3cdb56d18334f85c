"""Readers of files that list others, with their times."""
