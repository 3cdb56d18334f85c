"""What other clients of a session change, applied here."""
