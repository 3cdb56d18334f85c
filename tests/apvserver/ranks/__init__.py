"""Sessions on several ranks: they give what one process gives."""
