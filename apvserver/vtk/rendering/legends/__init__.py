"""Legends of colors: which numbers they have, how those are written, where all of it stands, and its picture."""
