"""What the server is to be told: changes, deletions, data, and what has to wait."""
