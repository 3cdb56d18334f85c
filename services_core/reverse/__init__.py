"""Connections the other way round: a server makes them, and offers them to a client that waits at an address."""
