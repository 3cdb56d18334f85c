"""Algorithms of our own whose work is a script of a client: only where the server was started with --allow-python."""
