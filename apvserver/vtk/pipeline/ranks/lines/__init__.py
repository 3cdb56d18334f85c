"""Streamlines that are followed where the data are, by the rank that has them, and handed over where they leave."""
