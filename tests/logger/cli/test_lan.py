"""`serve --lan`: https for a real phone, by an authority that can vouch for nothing else."""

from __future__ import annotations

import datetime
import signal
import ssl
import urllib.error
import urllib.request
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from logger.cli.certificates import certify
from logger.cli.lan import drawn
from logger.cli.main import main
from tests.running import RunningInstance, free_port

HOME = IPv4Address("192.168.1.20")
NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)


def trusts(folder: Path, subject: x509.verification.Subject, when: datetime.datetime) -> bool:
    """Whether a phone that trusts the authority in `folder` accepts the doors as `subject`."""
    store = Store([x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())])
    policy = PolicyBuilder().store(store).time(when).build_server_verifier(subject)
    shown = x509.load_pem_x509_certificate((folder / "doors.crt").read_bytes())
    try:
        return bool(policy.verify(shown, []))
    except VerificationError:
        return False


def test_a_phone_that_trusts_the_authority_accepts_the_doors_by_address_and_by_name(tmp_path):
    certify(tmp_path / "lan", HOME, ["desk.local"], NOW)
    for subject in (x509.IPAddress(HOME), x509.DNSName("desk.local")):
        assert trusts(tmp_path / "lan", subject, NOW)
        assert not trusts(tmp_path / "lan", subject, NOW + datetime.timedelta(days=31))


def test_the_authority_cannot_vouch_for_anybody_elses_site(tmp_path):
    certify(tmp_path / "lan", HOME, ["desk.local", "bank.example.com"], NOW)
    assert not trusts(tmp_path / "lan", x509.DNSName("bank.example.com"), NOW)
    certify(tmp_path / "lan", IPv4Address("203.0.113.7"), ["desk.local"], NOW)
    assert not trusts(tmp_path / "lan", x509.IPAddress(IPv4Address("203.0.113.7")), NOW)


def test_a_phone_trusts_once_however_often_it_is_served(tmp_path):
    first = certify(tmp_path / "lan", HOME, ["desk.local"], NOW).authority.read_bytes()
    later = NOW + datetime.timedelta(days=300)
    assert certify(tmp_path / "lan", HOME, ["desk.local"], later).authority.read_bytes() == first
    assert trusts(tmp_path / "lan", x509.IPAddress(HOME), later)
    # It is replaced before a door's certificate would outlive it.
    end = NOW + datetime.timedelta(days=350)
    assert certify(tmp_path / "lan", HOME, ["desk.local"], end).authority.read_bytes() != first


def test_the_keys_are_readable_by_nobody_else(tmp_path):
    certify(tmp_path / "lan", HOME, ["desk.local"], NOW)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "lan").iterdir()}
    assert modes["authority.key"] == modes["doors.key"] == 0o600


def test_both_doors_answer_over_https_and_the_welcome_gives_away_the_certificate_alone(
    make_instance,
):
    welcome = free_port()
    instance: RunningInstance = make_instance()
    instance.stop()
    instance.start("--lan", "127.0.0.1", "--welcome-port", str(welcome))
    home = f"http://127.0.0.1:{welcome}"
    given = urllib.request.urlopen(f"{home}/sharelog.crt", timeout=10).read()
    assert given == (instance.folder / "lan/authority.crt").read_bytes()
    page = urllib.request.urlopen(home, timeout=10).read().decode()
    assert f"https://127.0.0.1:{instance.phone_port}" in page
    for path in ("/authority.key", "/../lan/authority.key", "/lan/authority.key"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(home + path, timeout=10)

    trusting = ssl.create_default_context(cadata=given.decode())
    phone = f"https://127.0.0.1:{instance.phone_port}/"
    with urllib.request.urlopen(phone, timeout=10, context=trusting) as answer:
        assert "Log a share" in answer.read().decode()
    # As this machine's own browser names it; a plain resolver may not know the name.
    record = urllib.request.Request(
        f"https://127.0.0.1:{instance.record_port}/sign-in",
        headers={"Host": f"record.localhost:{instance.record_port}"},
    )
    with urllib.request.urlopen(record, timeout=10, context=trusting) as answer:
        assert "Sign in as Dana Price" in answer.read().decode()
    assert "Everybody on this network can reach these doors." in instance.logs()
    assert instance._end(signal.SIGINT) == 0


@pytest.mark.parametrize("address", ["203.0.113.7", "::1", "desk"])
def test_an_address_of_no_local_network_is_refused_in_a_sentence(tmp_path, capsys, address):
    assert main(["demo", "--instance", str(tmp_path / "demo")]) == 0
    assert main(["serve", "--instance", str(tmp_path / "demo"), "--lan", address]) == 1
    assert address in capsys.readouterr().err


def test_a_drawn_code_is_square_and_light_around():
    lines = drawn("https://192.168.1.20:8443").splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
    assert set(lines[0]) == {"█"}
