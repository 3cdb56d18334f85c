"""What is handed out of data: rows, parts, and the points and cells that drawn ones come from."""
