"""Matching of needs with resources: pure functions over numbers and records."""
