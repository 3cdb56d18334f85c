"""What a service consists of: its thread, its connections, and what it gets to process."""
