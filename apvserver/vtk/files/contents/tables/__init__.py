"""What is in tables as text: fields, headings, and columns of numbers."""
