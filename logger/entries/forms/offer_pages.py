"""The offers of one page: from the capture always, from earlier entries when asked for.

Earlier entries are opened for it, so their look is written first, under a page name of its own.
"""

from __future__ import annotations

from flask import g
from flask_babel import get_locale
from flask_babel import gettext as _

from logger.directory.recipients import Directory
from logger.entries.entry import Entry
from logger.entries.fields import SectionForm
from logger.entries.forms.offers import (
    ABOUT_PRACTICE,
    Offers,
    Tongue,
    earlier_wording,
    from_capture,
    may_lend,
)
from logger.entries.index import DONE, TO_REVIEW
from logger.entries.lists import EntryList
from logger.entries.reading import Reading
from logger.entries.times import DAY, Timing
from logger.people.guards import room
from logger.people.register import Register

_LATELY = 90 * DAY
_MOST_READ = 5


def captured_offers(entry: Entry) -> Offers:
    """What the captured chips say, in the language of the page."""
    directory, language = room(Directory), str(get_locale())
    tongue = Tongue(
        say=lambda text: str(_(text)),
        told=lambda code: directory.recipient(code, language),
        why=lambda code: directory.reason(code, language),
        how=lambda code: directory.way(code, language),
        kind=directory.kind,
    )
    return from_capture(entry.captured.content, tongue)


def has_earlier_wording(form: SectionForm) -> bool:
    """Whether this page asks something that is about practice."""
    return any(field.name in ABOUT_PRACTICE for field in form)


def earlier_offers(current: Entry, form: SectionForm) -> Offers:
    """What this person wrote of their practice in their latest entries, where it is asked again."""
    phones = [phone.device for phone in room(Register).phones_of([g.person])]
    page = room(EntryList).page((TO_REVIEW, DONE), phones)
    since = room(Timing).now() - _LATELY
    lending = [
        line.id
        for line in sorted(page.entries, key=lambda line: line.shared_at, reverse=True)
        if may_lend(allegation=line.allegation, danger=line.danger, mistake=line.mistake)
        and line.shared_at >= since
        and line.id != current.id
    ]
    read = room(Reading).open_all(g.person, lending[:_MOST_READ], "earlier-wording")
    found = earlier_wording(read.values())
    return {name: offers for name, offers in found.items() if name in form}
