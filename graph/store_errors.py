"""What can go wrong between a program and its store, as sentences a clerk can follow.

They live apart from `graph.store` so that `graph.embedded`, which never loads the driver, can raise them.
No message holds a password or a value from the data.
"""


class Told(Exception):
    """One sentence for the user in both languages: which thing, what was found, how to mend it.

    `str` gives the Chinese one; which one is shown is decided by the front door (`english`).
    """

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese, english)
        self.chinese = chinese
        self.english = english

    def __str__(self) -> str:
        return self.chinese


class StoreUnavailable(Told):
    """The store cannot be used: unreachable, refused, absent, broken, or no room left."""


class StoreBusy(Told):
    """Others had all connections for as long as one waits for one; the store is sound, and asking again later helps."""


class UniqueViolation(Told):
    """A write would have made a second node with a key that must be unique; nothing was written."""


class QueryTimeout(Told):
    """The server stopped a statement or transaction at its time limit; nothing was written."""


class UnknownTarget(Told, ValueError):
    """An address that cannot be one of a store."""
