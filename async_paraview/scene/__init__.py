"""The types of views, representations and texts: every property in one place, known by client and server."""
