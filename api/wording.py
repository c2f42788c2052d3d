"""Chinese or English, decided once by the locale: Chinese unless LC_ALL, LC_MESSAGES or LANG starts with "en"."""

import os
from collections.abc import Mapping


def speaks_english(environment: Mapping[str, str]) -> bool:
    """Whether the locale asks for English; the first of LC_ALL, LC_MESSAGES and LANG that is set decides.

    >>> speaks_english({"LANG": "en_US.UTF-8"}), speaks_english({"LANG": "C.UTF-8"}), speaks_english({})
    (True, False, False)
    >>> speaks_english({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"})
    False
    """
    chosen = next((value for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(n))), "")
    return chosen.lower().startswith("en")


ENGLISH = speaks_english(os.environ)
"""Read once, before the first help text is made."""


def say(chinese: str, english: str) -> str:
    """The one of two texts that the locale asks for. What is said of data stays Chinese for the clerk."""
    return english if ENGLISH else chinese
