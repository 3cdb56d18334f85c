"""What is in states of ParaView beside sources, views and colors: extractors, parts of views and of what is shown."""
