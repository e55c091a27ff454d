"""`sharelog serve --lan`: both doors over HTTPS on the local network, so that a real phone can try.

The two doors keep two host names, because cookies ignore ports: phones reach theirs by this
machine's address, people reach the record by its name. A third, plain door gives away one thing:
the certificate that a phone has to trust first, and how to do that.
"""

from __future__ import annotations

import argparse
import datetime
import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urlsplit

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from logger.cli.certificates import PRIVATE_NETWORKS, Certificates, certify
from logger.cli.lock import PHONE
from logger.cli.task import NetworkTask
from logger.clock import system_clock
from logger.errors import LoggerError
from logger.settings import Settings
from logger.shell.places import TEMPLATES

FOUND = "found"
PHONE_PORT, RECORD_PORT, WELCOME_PORT = 8443, 8444, 8080
CERTIFICATE_PATH = "/sharelog.crt"
# An address that is never routed (RFC 5737): asking for the way there sends nothing.
_ELSEWHERE = ("192.0.2.1", 9)


class NotOnANetwork(LoggerError):
    """There is no local network to serve on, or it must not be done for this instance."""

    code = "serve.lan"
    status = 500
    public_message = "The doors were not opened on the local network."


@dataclass(frozen=True, slots=True)
class LocalNetwork:
    """Where the doors of this run are, and the certificate they show."""

    address: IPv4Address
    phone_origin: str
    record_origin: str
    # For this machine's own browser, where nothing resolves .local names.
    record_alias: str
    certificates: Certificates

    def port(self, door: str) -> int:
        """Where that door listens."""
        origin = self.phone_origin if door == PHONE else self.record_origin
        return urlsplit(origin).port or 0

    @property
    def task(self) -> NetworkTask:
        """What the processes of the doors are told."""
        files = self.certificates
        return NetworkTask(
            self.phone_origin,
            self.record_origin,
            self.record_alias,
            str(files.chain),
            str(files.key),
            str(files.authority),
        )

    def applied_to(self, settings: Settings) -> Settings:
        """The instance with its doors here."""
        return settings.at(self.phone_origin, self.record_origin, self.record_alias)


def find_network(settings: Settings, asked: argparse.Namespace) -> LocalNetwork:
    """Where `serve --lan` was asked to serve; NotOnANetwork says what stands against it."""
    if settings.production:
        raise NotOnANetwork("It is for trying, and this is a production instance.")
    address = _private(_own_address() if asked.lan == FOUND else asked.lan)
    name = f"{_host_name()}.local"
    phone, record = asked.phone_port or PHONE_PORT, asked.record_port or RECORD_PORT
    now = datetime.datetime.fromtimestamp(system_clock() / 1000, datetime.UTC)
    return LocalNetwork(
        address,
        f"https://{address}:{phone}",
        f"https://{name}:{record}",
        f"record.localhost:{record}",
        certify(settings.folder / "lan", address, [name, "record.localhost"], now),
    )


class Welcome:
    """The plain door. It serves two things, both the same for everybody, until it is closed."""

    def __init__(self, network: LocalNetwork, organisation: str, port: int):
        self._phone = network.phone_origin
        page = _page(network, organisation).encode()
        certificate = network.certificates.authority.read_bytes()
        pages = {
            "/": ("text/html; charset=utf-8", page),
            # Android asks what to do with this kind, iOS offers it as a profile.
            CERTIFICATE_PATH: ("application/x-x509-ca-cert", certificate),
        }
        self._server = ThreadingHTTPServer((str(network.address), port), _handler(pages))
        self.address = f"http://{network.address}:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, name="welcome", daemon=True).start()

    def announcement(self) -> str:
        """What the phone in hand has to look at first, and then."""
        return (
            f"\nOn a phone in the same network, first {self.address} (trust this machine):\n"
            f"{drawn(self.address)}\n"
            f"then {self._phone} (the phone app):\n{drawn(self._phone)}\n"
            "Everybody on this network can reach these doors.\n"
        )

    def close(self) -> None:
        """Give nothing away any more."""
        self._server.shutdown()
        self._server.server_close()


def drawn(text: str) -> str:
    """A QR code for a terminal, two modules a character."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=2)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    # Dark on light even in a dark terminal: light modules are the ones that are printed.
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join(
        "".join(blocks[int(upper), int(lower)] for upper, lower in zip(*pair, strict=True))
        for pair in pairs
    )


def _handler(pages: Mapping[str, tuple[str, bytes]]) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        server_version, sys_version = "sharelog", ""

        def do_GET(self) -> None:
            kind, content = pages.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Who tries it is nobody's business."""

    return Page


def _page(network: LocalNetwork, organisation: str) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("lan/welcome.html").render(
        organisation=organisation, phone=network.phone_origin, certificate=CERTIFICATE_PATH
    )


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError as error:
            told = "This machine is on no network. Name its address: --lan 192.168.1.20"
            raise NotOnANetwork(told) from error
        return str(probe.getsockname()[0])


def _private(text: str) -> IPv4Address:
    try:
        address = ip_address(text)
    except ValueError as error:
        raise NotOnANetwork(f"{text} is not an address.") from error
    private = any(address in ip_network(network) for network in PRIVATE_NETWORKS)
    if not isinstance(address, IPv4Address) or not private:
        raise NotOnANetwork(f"{text} is not an IPv4 address of a local network.")
    return address


def _host_name() -> str:
    name = socket.gethostname().split(".")[0].lower()
    return name if re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name) else "sharelog"
