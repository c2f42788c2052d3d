"""The text of a plan's file as the graph keeps it: compressed, in letters that every engine stores."""

import base64
import binascii
import zlib


def packed(text: str) -> str:
    """A file's text as it is stored.

    >>> unpacked(packed("方案"))
    '方案'
    """
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpacked(stored: str) -> str | None:
    """The reverse of `packed`; None for what was damaged."""
    try:
        return zlib.decompress(base64.b64decode(stored)).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return None
