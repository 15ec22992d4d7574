"""What each file format looks like from inside: a reader each, a writer where one can be asked for."""
