"""Why it was shared, or was not, and what was left out."""

from __future__ import annotations

from typing import ClassVar

from logger.entries.fields import N_, Fold, SectionForm, Words, text


class ObjectiveForm(SectionForm):
    """Objective, necessity, and what was left out; proportion and accuracy where they help."""

    folds = (
        Fold(
            N_("Proportion, accuracy and the risk of doing nothing"),
            ("proportionate", "fact_or_opinion", "accuracy", "alternatives", "risk"),
        ),
    )
    objective = text(
        N_("What did you want to happen?"),
        hint=N_("For example: an officer at the address tonight."),
        required=N_("Say what you wanted to happen."),
        called=N_("Objective"),
    )
    necessity = text(
        N_("Why was it necessary to share?"),
        hint=N_("What could have happened if you had not."),
        required=N_("Say why it was necessary to share."),
        called=N_("Necessary because"),
    )
    left_out = text(
        N_("What did you leave out, and why?"),
        hint=N_("Write “nothing” if everything you knew was needed."),
        required=N_("Say what you left out, or write “nothing”."),
        called=N_("Left out"),
    )
    proportionate = text(
        N_("Why was this much the right amount?"),
        rows=2,
        called=N_("Proportionate because"),
    )
    fact_or_opinion = text(
        N_("Which parts are fact, which are opinion or came from someone else?"),
        rows=3,
        called=N_("Fact or opinion"),
    )
    accuracy = text(
        N_("How did you check that it was right?"),
        hint=N_("For example: read the name and date of birth back."),
        rows=2,
        called=N_("Accuracy checked"),
    )
    alternatives = text(
        N_("What else did you consider?"),
        rows=2,
        called=N_("Alternatives considered"),
    )
    risk = text(
        N_("What could happen if it is not shared?"),
        rows=2,
        called=N_("Risk of not sharing"),
    )
    other_words: ClassVar = {
        "not-shared": {
            "objective": Words(
                N_("What did you want to achieve by not sharing?"),
                N_("For example: that she goes on talking to us."),
                N_("Say what you wanted to achieve."),
            ),
            "necessity": Words(
                N_("Why was it right not to share?"),
                N_("What could have happened if you had."),
                N_("Say why it was right not to share."),
                N_("Right because"),
            ),
            "left_out": Words(
                N_("What did you hold back, and was any of it shared all the same?"),
                N_("A few words on what kind of information it was."),
                N_("Say what you held back."),
                N_("Held back"),
            ),
            "proportionate": Words(
                N_("What would have to change for you to share it?"),
                called=N_("Would share if"),
            ),
        },
        "refused": {
            "objective": Words(
                N_("What did they want it for?"),
                N_("As far as they said."),
                N_("Say what they wanted it for."),
                N_("They wanted it for"),
            ),
            "necessity": Words(
                N_("Why was it right to refuse?"),
                N_("What could have happened if you had not refused."),
                N_("Say why it was right to refuse."),
                N_("Right because"),
            ),
            "left_out": Words(
                N_("What did you refuse, and was any of it shared all the same?"),
                N_("A few words on what kind of information it was."),
                N_("Say what you refused."),
                N_("Refused"),
            ),
            "proportionate": Words(
                N_("What would have to change for you to share it?"),
                called=N_("Would share if"),
            ),
        },
    }
