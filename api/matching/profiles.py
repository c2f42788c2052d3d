"""The profile that a front door was given: a file's, a plan's, what differs from the default one, or that itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.ask import ParameterError
from matching.profile import Profile, ProfileError, default_profile, parse

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


IN_FORCE = "in-force"
"""What names the profile of the plan whose prices count."""


def profile_named(named: str, of_plan: Callable[[str], dict[str, Any]]) -> Profile:
    """The profile that a parameter `profile` names: what differs from the default one as a JSON object, else a plan's.

    `of_plan` gives the stored profile of a plan by its key, or of the one in force. Raises ParameterError with the
    reason for a profile that makes no sense, and whatever `of_plan` raises.
    """
    try:
        return Profile.from_dict(_object(named) if named.lstrip().startswith("{") else of_plan(named), "profile")  # fmt: skip
    except ProfileError as error:
        raise ParameterError("profile", "；".join(error.problems)) from None


def _object(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError):
        raise ParameterError(
            "profile", '参数 profile 不是完整的 JSON 对象，例如 {"practice": {"unit_load": 50}}'
        ) from None
    return found
