"""What is drawn in front of a scene and says something of data: texts, bars of progress, pictures."""
