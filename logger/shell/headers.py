"""The security headers of both doors, on every response, errors included.

Everything is refused that a page of ours does not need: no script, style, frame, form or
connection but its own. There is no inline script anywhere, so no nonce that a cache could replay.
"""

from __future__ import annotations

from collections.abc import Mapping

_PHONE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
# Practice has nothing to ask anybody and nothing to hand over, so that nothing of it can be sent.
_PRACTICE_POLICY = _PHONE_POLICY | {
    "connect-src": "'none'",
    "manifest-src": "'none'",
    "worker-src": "'none'",
}
_RECORD_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NOT_USED = "geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
_ONE_YEAR = "max-age=31536000; includeSubDomains"


def phone_headers(https: bool) -> dict[str, str]:
    """For the phone door; its camera reads the QR code of enrolment."""
    return _headers(_PHONE_POLICY, f"camera=(self), {_NOT_USED}", https)


def practice_policy() -> str:
    """The Content-Security-Policy of the practice page, stricter than its door's."""
    return _said(_PRACTICE_POLICY)


def record_headers(https: bool) -> dict[str, str]:
    """For the record door, whose forms also work without scripts."""
    return _headers(_RECORD_POLICY, f"camera=(), {_NOT_USED}", https)


def _headers(policy: Mapping[str, str], features: str, https: bool) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": _said(policy),
        "Permissions-Policy": features,
        **_ALWAYS,
    }
    if https:
        headers["Strict-Transport-Security"] = _ONE_YEAR
    return headers


def _said(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
