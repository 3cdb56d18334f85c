"""Data on several ranks: what each makes a piece of, how pieces are made, described and put together."""
