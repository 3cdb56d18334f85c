"""What is selected of outputs: by sources of selections, and by rectangles of pictures."""
