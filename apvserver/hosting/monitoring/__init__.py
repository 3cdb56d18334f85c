"""What operators see of a server that runs: its sessions, what they do and hold, its counters; and how it drains."""
