"""Keys grow old and are renewed; the ones before stay, for what was sealed or signed with them."""

from __future__ import annotations

import pytest

from logger.clock import system_randomness
from logger.keys.keyring import (
    QUARTER_DAYS,
    UnknownKey,
    days_overdue,
    make_keys,
    with_new_record_key,
    with_new_stored_key,
)
from logger.keys.record_key import RecordKey, expand_xwing, make_scalar

NOW = 1_795_514_400_000
DAY = 24 * 60 * 60 * 1000
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
KEYRING = make_keys(2, system_randomness, NOW).keyring


def test_phones_seal_to_the_newest_record_key_and_the_ones_before_still_open():
    renewed = with_new_record_key(KEYRING, 1, system_randomness, NOW + DAY)
    assert renewed.record.suite == 1
    assert renewed.records[1:] == KEYRING.records
    assert (renewed.record_made_at, KEYRING.record_made_at) == (NOW + DAY, NOW)
    for key in renewed.records:
        assert renewed.record_key(key.id, key.suite) == key


def test_a_record_key_is_found_by_both_its_name_and_its_suite():
    for name, suite in ((KEYRING.record.id, 1), (bytes(8), 2)):
        with pytest.raises(UnknownKey):
            KEYRING.record_key(name, suite)


def test_a_data_key_is_found_by_its_name_alone():
    (key,) = KEYRING.data_keys
    assert (len(key.id), len(key.key)) == (8, 32)
    assert KEYRING.data_key(key.id) == key
    with pytest.raises(UnknownKey):
        KEYRING.data_key(bytes(8))


def test_receipts_are_signed_with_a_fresh_key_and_the_ones_before_are_believed():
    renewed, fresh = with_new_stored_key(KEYRING, system_randomness)
    assert renewed.stored_public == fresh.public
    assert renewed.stored_publics[1:] == KEYRING.stored_publics
    assert fresh.public not in KEYRING.stored_publics


def test_a_new_instance_has_a_key_of_its_own_for_every_purpose():
    made = make_keys(1, system_randomness, NOW)
    keyring = made.keyring
    signers = [keyring.root, keyring.opened, keyring.publishing, keyring.journal, made.stored]
    assert len({signer.public for signer in signers}) == 5
    assert (keyring.root_public, keyring.stored_public) == (signers[0].public, made.stored.public)
    assert (keyring.record.suite, made.recovery.suite) == (1, 2)
    assert keyring.recovery_public == made.recovery.public
    assert len(keyring.index_key) == 32


def test_a_record_key_is_overdue_once_it_is_older_than_a_quarter():
    assert days_overdue(KEYRING, NOW + QUARTER_DAYS * DAY) is None
    assert days_overdue(KEYRING, NOW + (QUARTER_DAYS + 1) * DAY - 1) is None
    assert days_overdue(KEYRING, NOW + (QUARTER_DAYS + 1) * DAY) == QUARTER_DAYS + 1
    assert days_overdue(make_keys(1, system_randomness).keyring, NOW) is None


def test_a_key_out_of_the_range_of_the_curve_is_drawn_again():
    drawn = [bytes(32), ORDER.to_bytes(32, "big"), b"\xff" * 32, (ORDER - 1).to_bytes(32, "big")]
    asked = []

    def chance(count: int) -> bytes:
        asked.append(count)
        return drawn[len(asked) - 1]

    assert make_scalar(chance) == drawn[3]
    assert asked == [32] * 4
    assert make_scalar(lambda _: b"\0" * 31 + b"\1") == b"\0" * 31 + b"\1"


def test_a_scalar_out_of_range_is_drawn_again_and_any_seed_is_taken_as_it_is():
    high, low = b"\xff" * 32, b"\1" * 32
    for suite, kept in ((1, low), (2, high)):
        drawn = iter([high, low])
        assert RecordKey.make(suite, lambda _, drawn=drawn: next(drawn)).private == kept


@pytest.mark.parametrize("size", [31, 33])
def test_a_seed_of_another_length_is_no_record_key(size):
    with pytest.raises(ValueError, match=r"^an X-Wing seed has 32 bytes$"):
        expand_xwing(bytes(size))


def test_a_pair_comes_back_from_its_private_half():
    for suite in (1, 2):
        made = RecordKey.make(suite, system_randomness)
        assert RecordKey.from_private(suite, made.private) == made
        assert (len(made.public), len(made.private)) == ({1: 65, 2: 1216}[suite], 32)
