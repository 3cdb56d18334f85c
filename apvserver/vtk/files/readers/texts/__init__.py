"""Readers of our own for tables and for points as text."""
