"""The command line: thin. It reads words, calls the library, and says what happened."""
