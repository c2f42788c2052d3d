"""The commands of `linmai`, one module per group."""
