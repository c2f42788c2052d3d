"""Files that were handed in: kept in a private folder of this process, and forgotten after a while or at its end."""

import re
import secrets
import shutil
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.datastructures import FileStorage

from api.intake.outcome import Outcome
from api.intake.sections import Section
from api.jobs import Job
from loaders.mapping import SourceMapping
from loaders.problems import Problem
from loaders.recognise import Recognition

LARGEST_UPLOAD = 50_000_000
"""Bytes of one hand-in, all its files together."""
MOST_FILES = 200
"""Files of one hand-in; more of them go into a zip."""
KEPT = 10
"""Hand-ins that are kept at the same time; the one that was untouched longest goes first."""
IDLE_S = 2 * 3600.0
"""Seconds after which a hand-in that nobody touched is forgotten."""

_LONGEST_NAME = 150
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


@dataclass(eq=False)
class Upload:
    """One hand-in, from the files to the outcome.

    `source` is the register that was named, empty when the file names say it. `sections` and `problems` are
    there once the files were read, and `known` says what each section was taken for; `mappings` are those that people have changed, by source. `job` is the
    latest piece of work on it. `checked` and `loaded` are what came of it.
    """

    id: str
    folder: Path
    paths: tuple[Path, ...]
    source: str = ""
    touched: float = 0.0
    sections: tuple[Section, ...] = ()
    known: tuple[Recognition, ...] = ()
    problems: tuple[Problem, ...] = ()
    mappings: dict[str, SourceMapping] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    job: Job | None = None
    checked: Outcome | None = None
    loaded: Outcome | None = None

    @property
    def busy(self) -> bool:
        """Whether work on it is going on."""
        return self.job is not None and not self.job.state.ended

    @property
    def names(self) -> str:
        """The files as people know them, in one line."""
        shown = "、".join(path.name for path in self.paths[:3])
        return f"{shown} 等 {len(self.paths)} 个文件" if len(self.paths) > 3 else shown


class Uploads:
    """The hand-ins of one application. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, Upload] = {}
        self._root: tempfile.TemporaryDirectory[str] | None = None

    def receive(self, files: Sequence[FileStorage], source: str = "") -> Upload:
        """Store files that were handed in, each under its own name in a folder of its own."""
        with self._lock:
            self._forget_old()
            if self._root is None:
                # Made with the first hand-in, open to its owner only, and gone with the process.
                self._root = tempfile.TemporaryDirectory(prefix="linmai-imports-")
            root = Path(self._root.name)
        id_ = secrets.token_urlsafe(12)
        folder = root / id_
        folder.mkdir(mode=0o700)
        paths = []
        for number, file in enumerate(files):
            place = folder / str(number)
            place.mkdir(mode=0o700)
            path = place / safe_name(file.filename or "")
            file.save(path)
            file.close()
            paths.append(path)
        upload = Upload(id_, folder, tuple(paths), source, touched=self._clock())
        with self._lock:
            self._kept[id_] = upload
        return upload

    def __iter__(self) -> Iterator[Upload]:
        """The hand-ins that are kept, the earliest first."""
        with self._lock:
            return iter(list(self._kept.values()))

    def find(self, id_: str) -> Upload | None:
        """A hand-in that is still kept, which it then is for longer; None when it is not."""
        with self._lock:
            self._forget_old()
            upload = self._kept.get(id_)
            if upload is not None:
                upload.touched = self._clock()
            return upload

    def forget(self, upload: Upload) -> None:
        """Delete a hand-in with its files; work on it is asked to stop and ends by itself."""
        with self._lock:
            self._forget(upload)

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            for upload in list(self._kept.values()):
                self._forget(upload)
            if self._root is not None:
                self._root.cleanup()
                self._root = None

    def _forget_old(self) -> None:
        idle = sorted((u for u in self._kept.values() if not u.busy), key=lambda u: u.touched)
        for number, upload in enumerate(idle):
            if upload.touched < self._clock() - IDLE_S or number < len(self._kept) - KEPT:
                self._forget(upload)

    def _forget(self, upload: Upload) -> None:
        if upload.job is not None:
            upload.job.cancel()
        self._kept.pop(upload.id, None)
        shutil.rmtree(upload.folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file's name as it can be stored anywhere and cannot deceive: no folder, nothing that does not show.

    >>> safe_name("../../名单.xlsx"), safe_name("C:\\\\台账\\\\清单.csv"), safe_name("清单\\u202excod.xls"), safe_name("..")
    ('名单.xlsx', '清单.csv', '清单xcod.xls', '未命名')
    >>> safe_name("a<b>.xlsx"), len(safe_name("长" * 300 + ".xlsx")), safe_name("长" * 300 + ".xlsx")[-6:]
    ('a＜b＞.xlsx', 53, '长.xlsx')
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    # What Windows forbids in a name is written with the full-width sign that looks the same.
    shown = _NOT_IN_NAMES.sub(lambda found: chr(ord(found[0]) + 0xFEE0), shown).strip(" .")
    stem, dot, suffix = shown.rpartition(".")
    if not dot:
        stem, suffix = shown, ""
    suffix = f".{suffix[:10]}" if suffix else ""
    while len(f"{stem}{suffix}".encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}{suffix}" if stem else "未命名"
