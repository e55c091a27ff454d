"""Every row of the catalogue of faults has a test, or a line in the threat model that says why."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from tests.house_plan import ROOT, sources, tree

# What the catalogue has: faults of the phone's storage, its shell, the network, the server, of
# identity and keys, of time, and several at once.
ROWS = {"A": 24, "B": 12, "C": 19, "D": 19, "E": 18, "F": 6, "G": 5}
TRIED = {
    "tests/faults/test_browser_disk.py": {
        "A06": "test_a_full_disk_says_not_saved_and_keeps_the_words",
        "A07": "test_a_disk_full_while_the_answer_is_written_down_loses_and_doubles_nothing",
        "A08": "test_a_quota_that_is_used_up_says_not_saved_and_keeps_the_words",
        "G04": "test_a_disk_full_while_a_new_version_takes_over_costs_no_entry",
    },
    "tests/faults/test_browser_life.py": {
        "B04": "test_a_new_version_that_waits_for_a_month_keeps_nobody_from_logging_and_sending",
        "B05": "test_a_new_version_that_takes_over_while_an_entry_is_open_loses_nothing",
        "B10": "test_a_cold_start_without_signal_and_locked_is_ready_at_once",
        "B12": "test_a_page_frozen_and_thrown_away_while_somebody_writes_offers_what_was_written",
    },
    "tests/faults/test_browser_past.py": {
        "B06": "test_a_shell_that_is_past_is_served_by_the_server_of_today_and_becomes_todays",
        "B07": "test_a_shell_of_today_before_a_past_server_keeps_what_is_not_taken"
        "_until_todays_is_back",
    },
    "tests/faults/test_browser_people.py": {
        "E11": "test_a_forgotten_passphrase_costs_copies_and_nothing_that_waits",
        "E12": "test_a_lock_that_answers_otherwise_than_before_leaves_the_passphrase",
        "E13": "test_wrong_passphrases_wait_longer_and_longer_and_wipe_nothing",
        "E14": "test_entries_that_waited_when_somebody_else_came_go_out_as_whose_they_are",
        "E15": "test_a_person_is_removed_with_entries_that_wait_and_they_are_sent_first",
        "E16": "test_entries_of_an_account_that_was_disabled_are_stored_as_theirs_and_told",
    },
    "tests/faults/test_browser_power.py": {
        "A05": "test_a_power_cut_costs_nothing_that_was_said_to_be_saved",
    },
    "tests/faults/test_browser_shapes.py": {
        "A20": "test_a_tab_of_the_older_version_in_the_way_is_said_and_costs_no_entry",
        "A21": "test_an_upgrade_killed_at_any_moment_keeps_every_entry",
        "A22": "test_the_store_of_a_later_version_still_takes_and_sends_entries",
    },
    "tests/faults/test_browser_shell.py": {
        "B01 B02 B03": "test_one_asset_that_does_not_come_leaves_the_old_version_running",
        "B08": "test_a_worker_script_that_is_none_leaves_the_old_version_running",
        "B09": "test_a_worker_killed_while_it_answers_answers_the_next_time",
        "B11": "test_a_build_with_something_of_another_origin_is_refused",
    },
    "tests/faults/test_browser_storage.py": {
        "A01": "test_killed_at_any_moment_of_a_save_it_is_saved_or_was_never_said_to_be",
        "G01": "test_killed_in_a_save_while_answers_are_swallowed_it_is_in_the_record_once",
        "A02 A03": "test_killed_around_the_commit_it_is_there_once_or_not_at_all",
        "A04": "test_a_crashed_page_loses_nothing_saved",
        "A09": "test_a_store_that_cannot_be_opened_is_said_"
        "and_logging_goes_on_while_the_page_lives",
        "A10": "test_a_lost_connection_to_the_store_is_opened_again",
        "A11": "test_an_emptied_origin_starts_again_and_the_record_shows_what_is_missing",
        "A12": "test_a_lost_cache_comes_back_whole_and_the_entries_were_never_in_it",
        "A16": "test_a_private_window_still_sends",
        "A17": "test_a_browser_that_cannot_store_keys_says_so_and_still_brings_the_entry",
        "A18": "test_an_address_that_is_not_safe_refuses_with_a_reason",
        "A19": "test_many_tabs_saving_at_once_use_no_number_twice",
    },
    "tests/faults/test_damaged_store.py": {
        "A13": "test_a_damaged_entry_is_parked_and_shown_and_the_others_are_sent",
        "A14": "test_a_lost_head_of_the_chain_is_found_again",
        "A15": "test_a_head_ahead_of_the_entries_leaves_a_gap_that_the_record_reports",
        "A24": "test_thousands_of_waiting_entries_go_in_their_order",
    },
    "tests/faults/test_impostors.py": {
        "C10": "test_an_answer_by_another_key_is_no_answer_and_is_told",
        "C11": "test_a_receipt_about_something_else_is_no_receipt_and_is_told",
        "E08": "test_keys_that_the_root_did_not_sign_are_refused_and_told",
    },
    "tests/faults/test_ledger_back.py": {
        "D10": "test_a_ledger_put_back_is_noticed_and_made_whole_again",
        "D12": "test_a_copy_made_while_phones_send_is_whole",
        "E01": "test_a_copied_phone_makes_a_fork_that_is_told_and_both_branches_stay",
        "E02": "test_a_phone_put_back_to_an_older_state_loses_and_hides_nothing",
        "G03": "test_a_copied_phone_and_a_ledger_that_was_put_back",
    },
    "tests/faults/test_ledger_harmed.py": {
        "D07": "test_a_harmed_journal_is_refused_recovered_or_found",
        "D08": "test_a_flipped_bit_of_the_file_is_found_or_changes_nothing",
        "D09": "test_a_row_struck_out_exchanged_or_put_in_is_found_where_it_is",
    },
    "tests/faults/test_ledger_killed.py": {
        "D02": "test_killed_between_commit_and_answer_the_same_receipts_come_later",
        "D03": "test_killed_before_commit_nothing_half_is_kept",
        "D16": "test_killed_while_the_ledger_is_made_it_is_whole_or_refused",
        "G02": "test_a_power_cut_while_answers_are_swallowed_breaks_no_receipt_that_was_heard",
    },
    "tests/faults/test_network.py": {
        "C01": "test_without_a_line_everything_waits",
        "C02": "test_a_line_that_never_answers_is_given_up",
        "C03": "test_a_slow_line_brings_it_or_is_given_up_and_has_one_request_at_a_time",
        "C04": "test_a_request_cut_at_any_byte_is_sent_again",
        "C05": "test_an_answer_cut_at_any_byte_is_asked_for_again",
        "C06": "test_a_swallowed_answer_is_given_again_byte_for_byte",
        "C07": "test_an_older_answer_is_no_answer",
        "C08": "test_no_portal_passes_for_the_door",
        "C09": "test_json_without_a_signature_is_no_answer",
        "C12": "test_a_request_heard_twice_is_kept_once",
        "C13": "test_a_compressed_answer_is_read_or_asked_for_again",
        "C14": "test_a_batch_too_large_is_halved",
        "C15": "test_the_door_says_when_to_come_back",
        "C16": "test_who_may_not_send_keeps_everything",
        "C17": "test_an_entry_that_the_door_cannot_take_delays_no_other",
        "C19": "test_a_name_that_nobody_knows_keeps_everything",
    },
    "tests/faults/test_phones_and_keys.py": {
        "E03": "test_what_a_revoked_phone_still_has_is_set_aside_and_flagged",
        "E04": "test_a_phone_revoked_while_its_batch_is_on_its_way_is_one_thing_or_the_other",
        "E05": "test_a_recorded_hello_is_refused_whoever_says_it_and_never_for_its_clock",
        "E06": "test_events_carried_by_another_phone_stay_their_authors_and_count_once",
        "E07": "test_entries_sealed_for_an_old_record_key_open_however_often_it_was_changed",
        "E09": "test_entries_whose_key_is_missing_wait_until_it_is_back",
        "E10": "test_receipts_by_a_new_key_are_believed_once_the_root_has_said_so",
        "E17": "test_what_nobody_can_open_is_kept_set_aside_and_stays_on_its_phone",
        "E18": "test_a_code_lets_one_phone_in_once_and_in_time",
    },
    "tests/faults/test_server_disk.py": {
        "D04": "test_no_power_cut_loses_what_was_receipted",
        "D05": "test_an_error_at_any_call_costs_no_receipt",
        "D06": "test_a_full_disk_is_said_so_costs_nothing_and_is_over_when_there_is_room",
    },
    "tests/faults/test_server_killed.py": {
        "D01": "test_killed_under_load_every_receipt_has_its_event_and_nothing_stands_twice",
        "G05": "test_everything_at_once_loses_nothing_once_it_is_over",
    },
    "tests/faults/test_server_sides.py": {
        "D13": "test_an_instance_is_not_served_twice",
        "D14": "test_a_ledger_that_somebody_holds_locked_is_busy_and_says_when_to_come_again",
        "D17": "test_without_the_records_side_phones_get_their_receipts_and_the_rest_later",
        "D18": "test_without_the_master_key_the_record_stays_shut_in_a_sentence_and_phones_go_on",
        "D19": "test_noise_never_makes_the_door_large",
    },
    "tests/faults/test_tls.py": {
        "C18": "test_over_broken_tls_nothing_is_said_and_nothing_lost",
    },
    "tests/faults/test_time.py": {
        "F01": "test_a_clock_that_is_years_wrong_is_accepted_and_flagged",
        "F02": "test_a_clock_that_jumps_between_two_entries_keeps_the_time_that_passed",
        "F03": "test_on_both_sundays_the_time_and_its_offset_are_right",
        "F04": "test_odd_days_and_the_ends_of_clocks_are_days_like_any_other",
        "F05": "test_a_back_dated_share_shows_when_it_was_and_when_it_was_recorded",
        "F06": "test_a_server_whose_clock_is_wrong_keeps_its_order_and_is_found",
    },
    # Shapes of the store that are past, and the drill, are tried where they belong.
    "tests/js/upgrade.test.js": {
        "A23": "a phone of the first release keeps everything and goes on with its chain",
    },
    "tests/logger/cli/test_backup.py": {
        "D11": "test_everything_receipted_since_the_backup_comes_back_from_twenty_phones",
    },
}
NOT_TRIED = {"D15"}
_NAMED = re.compile(r"\"([A-G]\d\d)\b")


def tried() -> list[str]:
    return [one for tests in TRIED.values() for ids in tests for one in ids.split()]


def test_every_row_is_accounted_for_once() -> None:
    rows = {f"{letter}{n:02}" for letter, many in ROWS.items() for n in range(1, many + 1)}
    assert len(rows) == 103
    assert Counter([*tried(), *NOT_TRIED]) == Counter(rows)


@pytest.mark.parametrize("file", TRIED)
def test_each_test_of_the_table_is_there_and_counts_its_fault(file: str) -> None:
    text = (ROOT / file).read_text()
    for ids, test in TRIED[file].items():
        if file.endswith(".js"):
            assert f'test("{test}"' in text
            continue
        functions = {n.name for n in ast.walk(tree(ROOT / file)) if isinstance(n, ast.FunctionDef)}
        assert test in functions
        if file.startswith("tests/faults/"):
            assert set(ids.split()) <= set(_NAMED.findall(text)), ids


def test_no_test_counts_a_fault_that_the_table_does_not_have() -> None:
    counted = {
        one
        for file in sources("tests")
        if file.name.startswith("test_") and file.parent.name == "faults"
        for one in _NAMED.findall(file.read_text())
    }
    assert counted - set(tried()) == set()


def test_what_no_test_tries_stands_in_the_threat_model_with_its_reason() -> None:
    text = (ROOT / "docs/threat-model.md").read_text()
    section = text.split("## Faults")[1].split("\n## ")[0]
    assert set(re.findall(r"\b[A-G]\d\d\b", section)) >= NOT_TRIED
