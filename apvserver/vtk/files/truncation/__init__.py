"""Whether files are complete: looked at before they are read."""
