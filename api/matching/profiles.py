"""The profile that a front door was given: a file's, or the default one."""

from pathlib import Path

from matching.profile import Profile, default_profile, parse

LARGEST_BYTES = 100_000
"""A profile is a page of text; anything larger is another file."""


def read_profile(path: Path | None) -> Profile:
    """The profile of a TOML file on top of the default one; the default one for None.

    Raises OSError when the file cannot be read and `matching.profile.ProfileError` when it cannot be used.
    """
    if path is None:
        return default_profile()
    with path.open("rb") as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        return parse("=", path.name)
    return parse(content.decode("utf-8-sig", errors="replace"), path.name)
