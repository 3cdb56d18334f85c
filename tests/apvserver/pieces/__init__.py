"""Data in pieces: pieces equal the whole."""
