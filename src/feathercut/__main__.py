"""`python -m feathercut`, for where the command is not on the path."""

from feathercut.cli.main import main

if __name__ == "__main__":
    main()
