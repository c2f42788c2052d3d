"""What a terminal shows while a long work is going on."""

import io

from rich.console import Console

from api.terminal import Meter, progress_bar


def test_a_long_work_shows_how_much_is_done_how_fast_and_how_long_it_will_take() -> None:
    clock = iter(range(1000))
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=120)
    with progress_bar(console, get_time=lambda: float(next(clock))) as bar:
        meter = Meter(bar, "装入")
        for done in (0, 100, 200, 300):
            meter("写入", done, 1000)
            bar.refresh()
    last = shown.getvalue()
    assert "写入" in last
    assert "300/1000" in last
    assert "行/秒" in last
    assert "00:" in last
