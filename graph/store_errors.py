"""What can go wrong between a program and its store, as sentences a clerk can follow.

They live apart from `graph.store` so that `graph.embedded`, which never loads the driver, can raise them.
No message holds a password or a value from the data.
"""


class StoreUnavailable(Exception):
    """The store cannot be used: unreachable, refused, absent, broken, or no room left.

    The message is one Chinese sentence: which store, what was found, how to mend it.
    """


class UniqueViolation(Exception):
    """A write would have made a second node with a key that must be unique; nothing was written."""


class QueryTimeout(Exception):
    """The server stopped a statement or transaction at its time limit; nothing was written."""
