"""What a proxy holds: what was set of it, and how it stands with the server and with other clients."""
