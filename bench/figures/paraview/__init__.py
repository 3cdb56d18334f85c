"""The figures of the gallery as scripts for pvpython, and what they share."""
