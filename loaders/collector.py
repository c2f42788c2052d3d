"""Python's search for circles of garbage, kept from walking a load's rows again and again.

Rows come by the hundred thousand, are kept to the end, and hold no circles. The search would walk all of them each
time that their number has grown by a quarter: a sixth of our time.
"""

import contextlib
import gc
from collections.abc import Iterator

_USUAL = gc.get_threshold()
_SELDOM = (50_000, *_USUAL[1:])


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Search after every 50,000 new objects instead of every few hundred while the block runs, in this process."""
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL)
