"""Matching behind the front doors: the graph as a snapshot, its answers, and plans that are kept in the graph."""
