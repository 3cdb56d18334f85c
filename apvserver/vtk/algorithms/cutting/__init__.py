"""Algorithms of our own that cut data with functions and by values, as ParaView's Clip and Slice do."""
