"""The core: schema, query files, statements, the store and its engines. Imports nothing of ours."""
