"""The named Cypher queries, one per file: `read/` never writes, `write/` may."""
