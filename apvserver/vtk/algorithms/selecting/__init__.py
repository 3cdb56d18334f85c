"""Algorithms of our own that say which points, cells or rows are selected, and extract them, as ParaView's do."""
