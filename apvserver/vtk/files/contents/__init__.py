"""What is in files, read as text and numbers. Without VTK."""
