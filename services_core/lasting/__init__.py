"""Connections that outlast their channels: what was under way when one was lost arrives over the next, once."""
