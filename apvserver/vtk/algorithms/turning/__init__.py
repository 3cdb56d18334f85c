"""Algorithms of our own that turn and mirror data, and what turns with it: vectors and tensors, no others."""
