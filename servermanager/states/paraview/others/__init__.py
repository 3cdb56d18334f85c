"""What is in states of ParaView beside sources, views and colors: extractors."""
