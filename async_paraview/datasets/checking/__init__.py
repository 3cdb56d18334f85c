"""From plain data of a peer to checked descriptions. Without VTK."""
