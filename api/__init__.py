"""The front doors: command line, pages and endpoints."""
