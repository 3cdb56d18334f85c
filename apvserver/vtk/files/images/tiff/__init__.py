"""TIFF and BigTIFF: pages, stacks and volumes."""
