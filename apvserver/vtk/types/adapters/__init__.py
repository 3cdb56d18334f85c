"""Setters that VTK does not wrap as properties, one kind of them in each module."""
