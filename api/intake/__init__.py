"""Spreadsheets that people hand in through the pages: kept for a while, understood, checked, loaded."""
