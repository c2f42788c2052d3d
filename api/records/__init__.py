"""Records that are written by hand: created, changed, moved through their lives, withdrawn."""
