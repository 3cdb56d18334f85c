"""Proxies, their properties, and what is known of their types and outputs."""
