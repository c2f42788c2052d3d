"""Shares as people read them."""


def percent(share: float | None) -> str:
    """A share as people read it; a dash where nothing is due.

    A share below 1 never reads 100 % and one above 0 never 0 %, so that a gap is not rounded away.

    >>> percent(0.583), percent(0.9999), percent(1.0), percent(0.0001), percent(None)
    ('58.3%', '99.9%', '100%', '0.1%', '—')
    """
    if share is None:
        return "—"
    if share >= 1 or share <= 0:
        return f"{share:.0%}"
    return f"{min(max(round(share * 100, 1), 0.1), 99.9):g}%"
