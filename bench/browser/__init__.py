"""The page beside `@imgly/background-removal`, in the same browser."""
