"""Ways out of a data root: by names that clients give, by names in files of all kinds, and by writing."""
