"""What the programs of a session share, and the server keeps for them: its proxies, and what those refer to."""
