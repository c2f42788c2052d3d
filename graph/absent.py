"""Importing a library without another one that it uses where it finds it."""

import contextlib
import sys
from collections.abc import Iterator
from typing import cast


@contextlib.contextmanager
def as_if_absent(name: str) -> Iterator[None]:
    """Nothing that is imported in the block finds the package `name`, unless it is imported already.

    >>> with as_if_absent("a_package_that_is_not_there"):
    ...     "a_package_that_is_not_there" in sys.modules
    True
    """
    if name in sys.modules:
        yield
        return
    modules = cast("dict[str, object]", sys.modules)
    modules[name] = None  # Python's own sign for a package that must not be imported
    try:
        yield
    finally:
        del modules[name]
