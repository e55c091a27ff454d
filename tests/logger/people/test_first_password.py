"""The first password, chosen with a link: none that others would try first."""

from __future__ import annotations

import os

import pyotp
import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from logger.people.credentials import Passwords

PASSWORD = "three quiet lamps"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("password1234", "easy to guess"),
        ("price20262026", "easy to guess"),
        ("a boat of Northside", "Leave out your email address"),
        ("xw7!dana@example.org", "Leave out your email address"),
    ],
)
def test_a_password_that_would_be_tried_first_is_refused_and_the_link_stays_good(
    world, password, said
):
    token = world.rooms.invitations.link_token(world.dana, None)
    browser, path = world.browser(None), f"/join/{token}"
    page = browser.get(path)
    secret = page.by_id("secret").text.replace(" ", "")
    code = pyotp.TOTP(secret).at(world.now // 1000)
    refused = browser.post(page, path, 422, password=password, code=code)
    assert said in refused.by_id("password-error").text
    assert password not in refused.html
    assert not world.rooms.register.person(world.dana.id).joined
    done = browser.post(refused, path, password=PASSWORD, code=code)
    assert "Keep these recovery codes" in done.text


def test_to_find_that_nobody_has_a_password_takes_as_long_as_to_find_that_it_is_wrong():
    passwords = Passwords()
    nobodys, ones = passwords.nobodys(os.urandom), passwords.hash("three wet umbrellas")
    assert extract_parameters(nobodys) == extract_parameters(ones)
    assert nobodys != passwords.nobodys(os.urandom)
    with pytest.raises(VerifyMismatchError):  # it was calculated, and not refused for its form
        passwords.verify(nobodys, "three wet umbrellas")
