"""Consent, and who was told."""

from __future__ import annotations

from typing import ClassVar

from logger.entries.fields import N_, Fold, RequiredIf, SectionForm, Words, line, one_of, text

_WITHOUT_SHARE = {
    "consent_why": Words(N_("What followed from that?"), called=N_("What followed")),
}


class ConsentForm(SectionForm):
    """Two questions, and the reasons that go with their answers."""

    folds = (Fold(N_("When to look again, and the child's own views"), ("reconsider", "views")),)
    other_words: ClassVar = {"not-shared": _WITHOUT_SHARE, "refused": _WITHOUT_SHARE}
    consent = one_of(
        N_("Was consent asked for?"),
        (
            ("given", N_("Yes, and it was given")),
            ("refused", N_("Yes, and it was refused")),
            ("not-asked", N_("No")),
        ),
        hint=N_("You do not need consent to protect a child."),
        required=N_("Say whether consent was asked for."),
        called=N_("Consent asked for"),
    )
    consent_why = text(
        N_("Why not, or why did you share all the same?"),
        rows=2,
        when=RequiredIf(
            ("consent",), ("refused", "not-asked"), N_("Say why you shared without consent.")
        ),
        called=N_("Why without consent"),
    )
    told = one_of(
        N_("Was the child or a parent told?"),
        (
            ("told", N_("Yes")),
            ("not-safe", N_("No, it was not safe to tell them")),
            ("not-practicable", N_("No, it was not practicable")),
            ("later", N_("Not yet, later")),
        ),
        hint=N_(
            "If sexual abuse, forced marriage, so-called honour-based abuse, fabricated illness or "
            "a police enquiry is possible, ask social care or police before telling family."
        ),
        required=N_("Say whether the child or a parent was told."),
        called=N_("Family told"),
    )
    told_whom = text(
        N_("Who was told and when, or why not"),
        hint=N_("If not, say when to look at this again."),
        rows=2,
        when=RequiredIf(
            ("told",),
            ("told", "not-safe", "not-practicable", "later"),
            N_("Say who was told and when, or why not."),
        ),
        called=N_("Who and when, or why not"),
    )
    reconsider = line(
        N_("If nobody was told: when will you look at this again?"),
        hint=N_("For example: Friday 27 November, after the meeting."),
        called=N_("To be reconsidered"),
    )
    views = text(
        N_("What did the child say or want?"),
        rows=2,
        called=N_("The child's views"),
    )
