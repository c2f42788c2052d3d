"""Spreadsheets to typed rows and problems to the store; templates; the demo district."""
