"""From VTK's data objects to descriptions and buffers, and back. Imports VTK."""
