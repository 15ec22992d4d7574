"""The steps of the pipeline, one verb a file: each takes a value and options and gives the next value."""
