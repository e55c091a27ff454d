"""A loopback proxy that writes down every byte that passes, both ways."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class RecordingProxy:
    """Listens on a free port at once; forwards once it is told where to."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._target = 0
        self._heard: list[bytes] = []
        self._open: set[socket.socket] = set()

    def __enter__(self) -> RecordingProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        for connection in list(self._open):
            connection.close()

    def forward_to(self, port: int) -> None:
        """From now on connections go to this loopback port."""
        self._target = port

    def recorded(self) -> bytes:
        """Everything that passed, in the order of arrival."""
        return b"".join(self._heard)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                if self._listener.fileno() < 0:
                    return  # closed: the test is over
                near.close()
                continue
            self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while chunk := source.recv(65536):
                self._heard.append(chunk)
                sink.sendall(chunk)
        except OSError:
            pass  # one side went away; both are closed below
        finally:
            source.close()
            sink.close()
            self._open -= {source, sink}
