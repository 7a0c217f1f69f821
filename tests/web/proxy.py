"""A real proxy between browser and server that can be cut, and that can lose answers on the way."""

from __future__ import annotations

import contextlib
import socket
import threading


class Proxy:
    """Passes TCP connections on. Its own port stays the same however often it is cut."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = _listen(0)
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        # While set, what the server sends is thrown away and the connection is closed: the request has arrived, its
        # answer has not.
        self.losing_answers = threading.Event()
        self.lost = 0
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def cut(self) -> None:
        """Close everything; new connections are refused."""
        self._shut(self._listener)
        with self._lock:
            for connection in list(self._open):
                self._shut(connection)

    def mend(self) -> None:
        """Listen again at the same port."""
        self._listener = _listen(self.port)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                self._shut(near)
                continue
            with self._lock:
                self._open |= {near, far}
            threading.Thread(target=self._pump, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, True), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if answers and self.losing_answers.is_set():
                    self.lost += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            self._shut(end)
        with self._lock:
            self._open -= {source, sink}

    @staticmethod
    def _shut(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    return listener
