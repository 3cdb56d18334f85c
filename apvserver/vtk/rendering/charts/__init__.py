"""Charts of all kinds: views, and what is shown in them."""
