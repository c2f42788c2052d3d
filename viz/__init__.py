"""Layouts, legends and payloads for pictures: pure functions."""
