"""What README.md and the pages of docs show is run as it stands there."""
