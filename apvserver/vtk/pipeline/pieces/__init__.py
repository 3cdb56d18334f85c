"""Data in pieces: what is right of it, and how data that is too large as a whole is executed piece by piece."""
