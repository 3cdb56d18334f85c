"""Types of proxies: which there are, what properties they have, and how those are set."""
