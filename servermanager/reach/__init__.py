"""Ways to servers that cannot simply be connected to: over ssh, or by waiting for them."""
