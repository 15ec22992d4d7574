"""The server: the same pipeline behind HTTP, for callers of remove.bg, of rembg, and of our own address."""
