"""Axes with numbers, around what a view shows and around single outputs."""
