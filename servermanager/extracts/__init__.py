"""Extractors: outputs, and pictures of views, that are written as time goes by; Cinema databases of them."""
