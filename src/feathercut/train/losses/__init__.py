"""How far an answer is from the truth, as numbers that can be followed downhill."""
