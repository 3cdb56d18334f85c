"""Sessions as files: captured, checked, loaded, and written as scripts."""
