"""What a client of a service holds: endpoints, replies and subscriptions."""
