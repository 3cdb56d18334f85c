"""What is put right of Exodus files: the order of nodes and of components."""
