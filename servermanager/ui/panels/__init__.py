"""Panels: the lines that a user interface shows of a proxy of any kind, and what becomes of what is entered there."""
