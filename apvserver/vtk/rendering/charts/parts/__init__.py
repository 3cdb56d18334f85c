"""What charts consist of: plots, axes, legends, texts, panels; and how those look."""
