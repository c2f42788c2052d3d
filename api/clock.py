"""What time it is for what the product writes down: Asia/Shanghai, wherever the machine thinks it is."""

import datetime
from zoneinfo import ZoneInfo


def now() -> datetime.datetime:
    """This moment in Asia/Shanghai."""
    return datetime.datetime.now(ZoneInfo("Asia/Shanghai"))


def stamp() -> str:
    """This moment as part of a file's name: 20201001-093015."""
    return now().strftime("%Y%m%d-%H%M%S")
