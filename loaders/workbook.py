"""From one input file to sheets of plain values, parsed in a child process with limits."""

import contextlib
import hashlib
import json
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict

from loaders.child import Child, Ending
from loaders.files import InputFile
from loaders.kinds import DAMAGE
from loaders.problems import Problem, error
from loaders.sheets import Limits, Range, Sheet, decode

__all__ = ["Limits", "Range", "Sheet", "read_ahead", "read_sheets"]

Answer = tuple[list[Sheet], list[Problem]]

_DEFAULT = Limits()
_AHEAD = 2  # files that are read before they are asked for, each in its turn: more only take memory
_AT_ONCE = 2  # a child takes longer, its start included, than its caller does with what it reads
_END = b'{"end":true}'
_ENDINGS = {
    Ending.TIME: ("too-slow", "读取超过 {seconds:.0f} 秒还没有完成，已停止；请拆成几个文件后再装入"),
    Ending.MEMORY: (
        "too-large",
        "读取时占用的内存超过上限，没有读取；请新建一个表格，只把需要的内容粘贴进去后保存",
    ),
    Ending.CRASH: (
        "unreadable",
        "文件内容异常，读取程序无法继续，没有读取；请新建一个表格，只把需要的内容粘贴进去后保存",
    ),
}


@contextlib.contextmanager
def read_ahead(files: Iterable[InputFile]) -> Iterator[Iterator[Answer]]:
    """What `read_sheets` answers for each file, in order; the next files are read while the caller works on one.

    The child processes, two at once at most, end with the block.
    """
    stop = threading.Event()
    readers = ThreadPoolExecutor(_AT_ONCE)

    def answers() -> Iterator[Answer]:
        waiting: deque[Future[Answer]] = deque()
        for file in files:
            waiting.append(readers.submit(read_sheets, file, stop=stop))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    try:
        yield answers()
    finally:
        stop.set()
        readers.shutdown(cancel_futures=True)


def read_sheets(file: InputFile, limits: Limits = _DEFAULT, *, stop: threading.Event | None = None) -> Answer:
    """Read every sheet of a file in a child process; the parent survives whatever the file does.

    A file that cannot be read gives no sheets and an ERROR that says why and how to mend it. Setting `stop`
    ends the child, and the answer is worth nothing.
    """
    try:
        content = file.read()
    except DAMAGE:
        return [], [
            error("no-permission", "文件打不开，可能已被移走或正被占用；请核对后再试", file=file.name)
        ]
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return [], [error("file-changed", "读取过程中文件被改动了；请保存并关闭文件后再试", file=file.name)]
    header = json.dumps({"name": file.name, "kind": file.kind, "limits": asdict(limits)}).encode()
    with Child(
        "loaders.reader_child",
        header + b"\n" + content,
        seconds=limits.seconds,
        memory=limits.memory,
        stop=stop,
    ) as child:
        answer = _Answer(child)
        try:
            sheets, problems = decode(answer)
        except ValueError:  # the line that was being written when the child ended
            sheets, problems = [], []
    if answer.complete:
        return sheets, problems
    code, sentence = _ENDINGS[child.ending if child.ending is not Ending.DONE else Ending.CRASH]
    return [], [error(code, sentence.format(seconds=limits.seconds), file=file.name)]


class _Answer:
    """The child's lines; `complete` once it has said that there are no more."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self.complete = False

    def __iter__(self) -> Iterator[bytes]:
        for line in self._child:
            if line.rstrip() == _END:
                self.complete = True
            else:
                yield line
