"""What is put right of CGNS files: places, pyramids; and what is told of them."""
