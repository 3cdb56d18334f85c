"""Formats that nothing here reads."""
