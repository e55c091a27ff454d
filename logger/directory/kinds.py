"""Kinds of recipients, and what they are called. An organisation's own file may have others."""

from __future__ import annotations

from collections.abc import Mapping

from logger.shell.words import N_

KINDS: Mapping[str, str] = {
    "police": N_("Police"),
    "social-care": N_("Social care"),
    "health": N_("Health"),
    "education": N_("Education"),
    "justice": N_("Courts, probation and youth justice"),
    "housing": N_("Housing"),
    "voluntary": N_("Voluntary organisation"),
    "regulator": N_("Regulator"),
    "government": N_("Government"),
    "family": N_("Family"),
    "other": N_("Other"),
}
