"""What charts draw of data: columns of numbers, and statistics of them."""
