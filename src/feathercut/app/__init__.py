"""The browser page from the installed package: served on this machine, or written out for any host."""
