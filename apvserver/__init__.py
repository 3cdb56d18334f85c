"""The server program and its services."""
