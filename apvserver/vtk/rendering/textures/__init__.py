"""Pictures on surfaces: files of the server, read below the data roots."""
