"""From data to what a view draws of it: the half of a representation that has the data."""
