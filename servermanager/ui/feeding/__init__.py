"""How pictures are doing on their way to who sees them: how good they may be, and how soon they come."""
