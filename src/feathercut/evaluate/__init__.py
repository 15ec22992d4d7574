"""Measuring mattes and colours: sets of photos with known answers, and what is measured on them."""
