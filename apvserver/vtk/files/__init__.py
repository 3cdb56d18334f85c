"""Files: which reader, which series, which states; and what is told of them."""
