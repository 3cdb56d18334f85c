"""What is refused before VTK runs, and why."""
