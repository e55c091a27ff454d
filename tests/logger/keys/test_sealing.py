"""What opens, what does not, and that a bomb does not go off."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logger.clock import system_randomness, uuid7
from logger.errors import TooMuchText
from logger.keys.keyring import make_keys
from logger.keys.record_key import RecordKey
from logger.keys.sealing import (
    MAX_INFLATED,
    CannotBeOpened,
    open_by_recovery,
    open_sealed,
    open_small,
    pack,
    seal_record_event,
    seal_small,
    seal_to_recovery,
    unpack,
)
from sync.event import PERSON, Event
from sync.frames import verify

NOW = 1_795_514_400_000
KEYRING = make_keys(1, system_randomness).keyring
ENTRY = uuid7(NOW, system_randomness)


def raw_deflate(text: bytes) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(text) + deflater.flush()


def plain(deflated: bytes, length: int | None = None, size: int | None = None) -> bytes:
    whole = struct.pack(">I", len(deflated) if length is None else length) + deflated
    return whole.ljust(size or -(-len(whole) // 64) * 64, b"\0")


def an_event(text: bytes = b'{"a":1}') -> Event:
    return seal_record_event(KEYRING, system_randomness, PERSON, ENTRY, NOW, text)


@given(st.binary(max_size=5000))
def test_what_was_packed_comes_back(text):
    packed = pack(text)
    assert unpack(packed) == text
    assert len(packed) % 64 == 0


@pytest.mark.parametrize(
    ("size", "step"), [(900, 64), (1024, 64), (1025, 128), (2049, 256), (5000, 512), (60_000, 4096)]
)
def test_longer_words_are_padded_in_coarser_steps(size, step):
    # Incompressible, stored blocks: 4 bytes of length and 5 of deflate per block.
    text = system_randomness(size - 4 - 5)
    assert len(pack(text)) == -(-size // step) * step


def test_a_bomb_is_refused_before_it_goes_off():
    bomb = raw_deflate(bytes(40_000_000))
    assert len(bomb) < 64 * 1024
    size = -(-(4 + len(bomb)) // 4096) * 4096
    with pytest.raises(CannotBeOpened):
        unpack(plain(bomb, size=size))


def test_exactly_the_most_is_allowed_and_one_more_is_not():
    assert len(unpack(pack(bytes(MAX_INFLATED)))) == MAX_INFLATED
    with pytest.raises(CannotBeOpened):
        unpack(plain(raw_deflate(bytes(MAX_INFLATED + 1))))
    with pytest.raises(TooMuchText):
        pack(bytes(MAX_INFLATED + 1))


DEFLATED = raw_deflate(b'{"v":1}')


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\0\0\0",
        plain(DEFLATED)[:-1],
        plain(DEFLATED, size=128),
        plain(DEFLATED)[:-1] + b"\1",
        plain(DEFLATED + b"x"),
        plain(DEFLATED[:-1]),
        plain(DEFLATED, length=2**32 - 1),
        plain(zlib.compress(b'{"v":1}')),
        plain(b"\xff" * 20),
    ],
    ids=["empty", "short", "cut", "padded further", "padding not zero", "something behind",
         "deflate cut", "length beyond", "zlib instead of raw", "no deflate"],
)  # fmt: skip
def test_what_is_not_laid_out_to_the_letter_is_refused(wrong):
    with pytest.raises(CannotBeOpened) as refused:
        unpack(wrong)
    assert refused.value.why == "cannot-be-opened"


def test_no_byte_but_zero_may_fill_up():
    filled = plain(DEFLATED)
    for byte in range(1, 256):
        for at in (len(DEFLATED) + 4, len(filled) - 1):
            with pytest.raises(CannotBeOpened):
                unpack(filled[:at] + bytes([byte]) + filled[at + 1 :])


def test_an_event_of_the_record_door_says_no_more_than_it_must():
    header = an_event().header
    key = KEYRING.data_keys[0]
    assert (header.kind, header.suite, header.entry, header.at) == (PERSON, 0, ENTRY, NOW)
    assert (header.seq, header.prev, header.utc_offset) == (0, bytes(32), 0)
    assert (header.device, header.record_key) == (KEYRING.device, key.id)
    assert header.sealed_length == len(an_event().sealed) == 12 + 64 + 16


def test_the_record_door_draws_a_nonce_of_twelve_bytes_for_each_event():
    asked = []

    def chance(count: int) -> bytes:
        asked.append(count)
        return system_randomness(count)

    seal_record_event(KEYRING, chance, PERSON, ENTRY, NOW, b"{}")
    seal_small(KEYRING.index_key, chance, b"here", b"value")
    assert asked == [12, 12]


def test_a_key_sealed_to_recovery_opens_for_it_and_for_what_it_was_bound_to():
    recovery, other = (RecordKey.make(2, system_randomness) for _ in range(2))
    sealed = seal_to_recovery(recovery.public, b"bound", b"key")
    assert open_by_recovery(recovery, b"bound", sealed) == b"key"
    for wrong, bound, bytes_ in [
        (other, b"bound", sealed), (recovery, b"other", sealed), (recovery, b"bound", sealed[:-1]),
        (recovery, b"bound", b"x"),
    ]:  # fmt: skip
        with pytest.raises(CannotBeOpened) as refused:
            open_by_recovery(wrong, bound, bytes_)
        assert refused.value.why == str(refused.value) == "cannot-be-opened"


def test_the_record_door_opens_what_it_sealed_and_has_signed_it():
    event = Event.from_bytes(an_event().to_bytes())
    assert open_sealed(event, KEYRING) == b'{"a":1}'
    verify(KEYRING.journal.public, event.signature, event.signed_bytes)
    assert event.header.device == KEYRING.device


@pytest.mark.parametrize("change", [{"at": NOW + 1}, {"entry": uuid7(NOW + 1, system_randomness)}])
def test_another_header_over_the_same_seal_does_not_open(change):
    event = an_event()
    moved = Event(replace(event.header, **change), event.sealed, event.signature)
    with pytest.raises(CannotBeOpened):
        open_sealed(moved, KEYRING)


def test_a_flipped_byte_does_not_open():
    event = an_event()
    altered = bytes([event.sealed[0] ^ 1]) + event.sealed[1:]
    with pytest.raises(CannotBeOpened):
        open_sealed(replace(event, sealed=altered), KEYRING)


def test_another_keyring_says_that_the_key_is_unknown():
    with pytest.raises(CannotBeOpened) as refused:
        open_sealed(an_event(), make_keys(1, system_randomness).keyring)
    assert refused.value.why == "unknown-key"


def test_too_many_words_for_one_event_are_refused():
    with pytest.raises(TooMuchText):
        an_event(system_randomness(65_500))


def test_a_small_value_opens_only_where_it_was_put():
    key = system_randomness(32)
    sealed = seal_small(key, system_randomness, b"here", b"value")
    assert open_small(key, b"here", sealed) == b"value"
    for wrong_key, where, bytes_ in [
        (key, b"there", sealed), (system_randomness(32), b"here", sealed), (key, b"here", b"x"),
    ]:  # fmt: skip
        with pytest.raises(CannotBeOpened):
            open_small(wrong_key, where, bytes_)


def test_no_key_is_ever_printed():
    shown = repr(KEYRING)
    assert str(KEYRING.record.private) not in shown
    assert str(KEYRING.index_key) not in shown
    assert str(KEYRING.data_keys[0].key) not in shown
