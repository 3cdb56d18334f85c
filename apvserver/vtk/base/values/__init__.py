"""What arrays hold, found while other threads go on: their ranges, and which values there are."""
