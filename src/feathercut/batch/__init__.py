"""Many photos: what becomes what, and the run that does it."""
