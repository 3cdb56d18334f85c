"""Models of what is edited and read beside a view: colors, rows, information, times, selections."""
