"""Writing data: what formats can hold, and files that appear when complete."""
