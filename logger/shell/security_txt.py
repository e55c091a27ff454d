"""Where to tell about a weakness, for machines and people who look for it (RFC 9116).

Promises: names nobody but whom the organisation named; without one there is no such file.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from logger.clock import Clock
from logger.settings import Settings

PATH = "/.well-known/security.txt"
# Asked anew each time, so it only has to outlive whoever copied it; the RFC asks for under a year.
_GOOD_FOR = timedelta(days=90)


class SecurityText:
    """The text of both doors of one instance."""

    def __init__(self, settings: Settings, clock: Clock):
        self._settings, self._clock = settings, clock

    def at(self, origin: str) -> str | None:
        """What this door says; None while the organisation has named nobody."""
        settings = self._settings
        if not settings.security_contact:
            return None
        now = datetime.fromtimestamp(self._clock() // 1000, UTC)
        other = "cy" if settings.language == "en" else "en"
        lines = (
            *(f"Contact: {contact}" for contact in settings.security_contact),
            f"Expires: {(now + _GOOD_FOR).isoformat().replace('+00:00', 'Z')}",
            f"Preferred-Languages: {settings.language}, {other}",
            f"Canonical: {origin}{PATH}",
        )
        return "\n".join(lines) + "\n"
