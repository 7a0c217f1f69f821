"""The content as it stands on disk, read again only where it has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sigap.editor.content import Content, content_files

_Stamp = tuple[tuple[str, int, int], ...]


class Shelf:
    """Hands out the present content of a folder. Safe to share between threads."""

    def __init__(self, root: Path, today: Callable[[], date]) -> None:
        self.root = root
        self._today = today
        self._lock = threading.Lock()
        self._stamp: _Stamp = ()
        self._content: Content | None = None

    def content(self) -> Content:
        """The content; whoever edits the files with another program is noticed, too."""
        with self._lock:
            stamp = self._stamp_now()
            if self._content is None or stamp != self._stamp or self._content.today != self._today():
                self._content = Content.read(self.root, self._today(), self._content)
                self._stamp = stamp
            return self._content

    def _stamp_now(self) -> _Stamp:
        return tuple(
            (str(path), found.st_mtime_ns, found.st_size)
            for path in content_files(self.root)
            if path.exists()
            for found in [path.stat()]
        )
