"""Pixels of windows: read back, the mean of several drawings, and which cell or point each of them shows."""
