"""The server program: its listening socket, its sessions, and the processes they live in. Imports no VTK."""
