"""What the incumbent gets wrong, as tests that take the tool as a parameter.

Each test's name begins with its row in the table of defects. `FEATHERCUT_TOOL=rembg` runs them
against rembg, in an environment that need not have Feathercut: nothing here imports it but its
adapter. `make bench` does both and shows the rows side by side.
"""
