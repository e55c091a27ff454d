"""Frames and events read back as they were written, and noise never passes for either."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import event as kinds
from sync.errors import MalformedDocument, MalformedEvent, MalformedFrames
from sync.event import Event, Header
from sync.frames import from_text, join, split, to_text


@given(st.lists(st.binary(max_size=100), max_size=20))
def test_frames_come_back_as_they_were_joined(parts):
    assert split(join(parts)) == parts


@given(st.binary(max_size=200))
def test_noise_is_frames_in_one_way_or_not_at_all(body):
    try:
        parts = split(body)
    except MalformedFrames:
        return
    assert join(parts) == body


def test_no_more_frames_are_read_than_asked_for():
    assert len(split(join([b""] * 5), most=5)) == 5
    with pytest.raises(MalformedFrames):
        split(join([b""] * 6), most=5)


def test_a_thousand_frames_are_read_where_nobody_said_how_many():
    assert len(split(join([b""] * 1000))) == 1000
    with pytest.raises(MalformedFrames):
        split(join([b""] * 1001))


def test_a_frame_is_its_length_in_four_bytes_and_then_its_bytes():
    assert join([b"ab", b""]) == b"\0\0\0\2ab\0\0\0\0"


def test_a_frame_cut_within_its_length_or_its_bytes_is_none():
    whole = join([b"ab"])
    for end in range(1, len(whole)):
        with pytest.raises(MalformedFrames):
            split(whole[:end])


@given(st.binary(max_size=100))
def test_bytes_have_one_text(raw):
    assert from_text(to_text(raw), len(raw)) == raw


@given(st.text(max_size=8))
def test_a_text_is_the_one_of_its_bytes_or_refused(text):
    try:
        raw = from_text(text, 3)
    except MalformedDocument:
        return
    assert to_text(raw) == text


@st.composite
def headers(draw):
    kind = draw(st.sampled_from(sorted(kinds.PHONE_KINDS | kinds.RECORD_KINDS)))
    from_phone = kind in kinds.PHONE_KINDS
    suite = draw(st.sampled_from([1, 2])) if from_phone else 0
    seq = draw(st.integers(1, 2**32 - 1)) if from_phone else 0
    number = draw(st.integers(0, 2**128 - 1)) & ~(0xF << 76) | (7 << 76)
    return Header(
        kind=kind,
        suite=suite,
        device=draw(st.binary(min_size=32, max_size=32)),
        entry=UUID(int=number & ~(0x3 << 62) | (2 << 62)),
        seq=seq,
        prev=draw(st.binary(min_size=32, max_size=32)) if seq > 1 else bytes(32),
        at=draw(st.integers(-(2**63), 2**63 - 1)),
        utc_offset=draw(st.integers(-(2**15), 2**15 - 1)),
        record_key=draw(st.binary(min_size=8, max_size=8)),
        sealed_length={0: 28, 1: 81, 2: 1136}[suite] + draw(st.integers(0, 300)),
    )


@given(header=headers(), fill=st.integers(0, 255))
def test_any_event_is_read_back_as_it_was(header, fill):
    event = Event(header, bytes([fill]) * header.sealed_length, bytes([fill ^ 1]) * 64)
    raw = event.to_bytes()
    assert Event.from_bytes(raw) == event
    for other in (raw[:-1], raw + b"\0", raw[1:]):
        with pytest.raises(MalformedEvent):
            Event.from_bytes(other)


@given(st.binary(max_size=600))
def test_noise_is_no_event(raw):
    with pytest.raises(MalformedEvent):
        Event.from_bytes(raw)


@given(header=headers(), offset=st.integers(0, 109), byte=st.integers(0, 255))
def test_what_is_accepted_is_written_the_same_again(header, offset, byte):
    raw = bytearray(Event(header, bytes(header.sealed_length), bytes(64)).to_bytes())
    raw[offset] = byte
    try:
        event = Event.from_bytes(bytes(raw))
    except MalformedEvent:
        return
    assert event.to_bytes() == raw
