"""Wording that a person may take over with one tap: from what they captured, and from before.

Promises: an offer is never filled in by itself; what is offered from earlier entries is short,
recent, the person's own, about practice and not about a child, and never from an entry that stands
apart or would put somebody in danger.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from logger.entries.capture import Capture
from logger.entries.entry import Entry
from logger.entries.fields import N_

# Said of how people work, so the words fit another child's entry as well.
ABOUT_PRACTICE = frozenset({
    "basis_why", "policy", "consent_why", "agreement_which", "dpia", "secured", "limits",
    "decided_role",
})  # fmt: skip
MOST_EARLIER, MOST_CHARACTERS = 3, 200
_NAMED_BY_NUMBER = frozenset({"policy", "agreement_which", "dpia"})
_A_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Offer:
    """`value` goes into the field; `text` is what it says, where that is another thing."""

    value: str
    text: str = ""


Offers = Mapping[str, Sequence[Offer]]


@dataclass(frozen=True, slots=True)
class Tongue:
    """How codes and our own words are said in the language of the page."""

    say: Callable[[str], str]
    told: Callable[[str], str]
    why: Callable[[str], str]
    how: Callable[[str], str]
    kind: Callable[[str], str]


_WANTED = {
    "police": N_("For the police to make sure that the child is safe."),
    "social-care": N_("For social care to decide what the child needs to be safe."),
    "health": N_("For health staff to know of the risk when they see the child."),
    "education": N_("For the school to know of the risk and to look out for the child."),
}
_KNOWN = {
    "self": N_("I saw or heard it myself."),
    "child": N_("The child told me. I have not checked it."),
    "other": N_("Someone told me. I have not checked it."),
}
_FAMILY = {
    "told": N_("Yes"),
    "not-safe": N_("No, it was not safe to tell them"),
    "not-practicable": N_("No, it was not practicable"),
    "later": N_("Not yet, later"),
}
_UNSAFE_WAYS = frozenset({"ordinary-email", "text-message"})


def from_capture(capture: Capture, tongue: Tongue) -> Offers:
    """What the captured chips already say, by the question they answer."""
    found: dict[str, list[Offer]] = {}
    if capture.act == "shared":
        found["objective"] = [Offer(text) for text in _objectives(capture, tongue)]
        found["necessity"] = [Offer(text) for text in _necessities(capture, tongue)]
        references = (one.reference for one in capture.recipients if one.reference)
        found["their_reference"] = [Offer(one) for one in dict.fromkeys(references)]
        if capture.how and capture.how not in _UNSAFE_WAYS:
            way = tongue.say(N_("Passed on by: %(how)s.")) % {"how": tongue.how(capture.how)}
            found["secured"] = [Offer(way)]
    if known := _KNOWN.get(capture.known.how):
        found["fact_or_opinion"] = [Offer(tongue.say(known))]
    if family := _FAMILY.get(capture.told_family):
        found["told"] = [Offer(capture.told_family, tongue.say(family))]
    return {name: offers for name, offers in found.items() if offers}


def earlier_wording(entries: Iterable[Entry]) -> Offers:
    """What the same person wrote of their practice lately, newest first."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        names = _names_in(entry.captured.content)
        for saved in entry.sections.values():
            for name, answer in saved.answers.items():
                if (
                    name in ABOUT_PRACTICE
                    and isinstance(answer, str)
                    and _fits(name, answer, names)
                ):
                    found.setdefault(name, {})[answer.strip()] = None
    return {
        name: [Offer(text) for text in list(texts)[:MOST_EARLIER]] for name, texts in found.items()
    }


def may_lend(*, allegation: bool, danger: bool, mistake: bool) -> bool:
    """Whether wording of such an entry may be offered elsewhere at all."""
    return not (allegation or danger or mistake)


def _fits(name: str, answer: str, names: frozenset[str]) -> bool:
    if len(answer) > MOST_CHARACTERS or not answer.strip():
        return False
    # Days, ages and numbers belong to one case.
    if name not in _NAMED_BY_NUMBER and any(one.isdigit() for one in answer):
        return False
    return not names & _words(answer)


def _names_in(capture: Capture) -> frozenset[str]:
    texts = [one.name for one in capture.children]
    texts += [text for one in capture.recipients for text in (one.person, one.label)]
    texts += [capture.known.whom, capture.risk.name if capture.risk else ""]
    return frozenset(word for text in texts for word in _words(text))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _A_WORD.findall(text))


def _objectives(capture: Capture, tongue: Tongue) -> Iterable[str]:
    if "immediate-danger" in capture.why or capture.called_999:
        yield tongue.say(N_("For help to reach the child at once."))
    kinds = dict.fromkeys(tongue.kind(one.code) for one in capture.recipients if one.code)
    yield from (tongue.say(_WANTED[kind]) for kind in kinds if kind in _WANTED)


def _necessities(capture: Capture, tongue: Tongue) -> Iterable[str]:
    told = ", ".join(tongue.told(one.code) if one.code else one.label for one in capture.recipients)
    why = ", ".join(tongue.why(code) for code in capture.why)
    if why and told:
        text = N_("The worry: %(why)s. Without knowing of it they could not act: %(told)s.")
        yield tongue.say(text) % {"why": why, "told": told}
