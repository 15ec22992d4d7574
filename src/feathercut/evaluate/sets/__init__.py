"""Public sets to measure with: what they are, their licences, and how their archives become ours."""
