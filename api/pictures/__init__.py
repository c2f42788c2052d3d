"""Pictures of the network behind the front doors: which there are, their endpoints, their files."""
