"""Algorithms of our own that give results numbers of the type that is wanted, or that has all their digits."""
