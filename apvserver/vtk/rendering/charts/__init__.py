"""Charts of columns of tables."""
