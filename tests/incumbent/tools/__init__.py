"""The tools that the rows can be run against, one adapter a file."""
