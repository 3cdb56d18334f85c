"""Algorithms of our own, where VTK's give wrong results or none."""
