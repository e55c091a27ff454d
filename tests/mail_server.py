"""A mail server on this machine for tests: it speaks SMTP on a real socket and keeps what came."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            if not self._answer(word.upper(), rest):
                return

    def _answer(self, word: str, rest: str) -> bool:
        if word == "EHLO":
            self._say("250-here\r\n250 AUTH PLAIN" if self.server.password else "250 here")
        elif word == "AUTH":
            said = base64.b64decode(rest.partition(" ")[2]).split(b"\0")[2].decode()
            self._say("235 ok" if said == self.server.password else "535 no")
        elif word == "RCPT" and self.server.refuses:
            self._say("550 no such person")
        elif word == "DATA":
            self._say("354 go on")
            self._take()
        elif word == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.server.letters.append(found)
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """What came stands in `letters`; `refuses` turns every recipient away."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, password: str = "", port: int = 0):
        super().__init__(("127.0.0.1", port), _Talk)
        self.letters: list[EmailMessage] = []
        self.password, self.refuses = password, False

    @property
    def port(self) -> int:
        return int(self.server_address[1])


def settings(mail: MailServer, **instead: Any) -> dict[str, Any]:
    """What a record is told, so that its letters come here."""
    return {
        "mail_host": "127.0.0.1",
        "mail_port": mail.port,
        "mail_security": "none",
        "mail_from": "record@example.org",
        "remind_after_hours": 48,
        **instead,
    }


@contextmanager
def serving(password: str = "", port: int = 0) -> Iterator[MailServer]:
    """One until it is no longer needed."""
    with MailServer(password, port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
