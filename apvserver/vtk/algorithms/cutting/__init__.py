"""Algorithms of our own that cut data and take blocks of it, as ParaView's Clip, Slice and Extract Subset do."""
