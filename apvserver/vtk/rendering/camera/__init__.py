"""Where a camera stands, and how it moves: plain functions."""
