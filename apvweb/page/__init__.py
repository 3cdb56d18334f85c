"""The page of `apvweb`: what is on it, where it stands, and what its buttons do."""
