"""Other tools' shapes around Feathercut, for code that was written for them."""
