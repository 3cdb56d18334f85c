"""The render service: views, what they show, and streams of their images."""
