"""The contract of remove.bg's API over a real socket, a real network behind it."""
