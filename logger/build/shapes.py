"""The shape of what every kind of event says, as the rooms define it."""

from __future__ import annotations

from types import MappingProxyType

from logger.advice.happened import Advised
from logger.children.happened import ChildHappened
from logger.directory.happened import DirectoryHappened
from logger.entries.happened import SHAPES as ENTRY_SHAPES
from logger.journal.admitted import Admitted
from logger.journal.read import Shapes
from logger.law.editions import SHAPES as LAW_SHAPES
from logger.people.happened import PersonHappened, PhoneHappened
from logger.retention.happened import Erased
from logger.trail.looks import Looked
from sync.event import ADMISSION, ADVICE, CHILD, DIRECTORY, ERASURE, LOOK, PERSON, PHONE

SHAPES: Shapes = MappingProxyType(
    {
        **ENTRY_SHAPES,
        **LAW_SHAPES,
        LOOK: Looked,
        ADVICE: Advised,
        ADMISSION: Admitted,
        CHILD: ChildHappened,
        ERASURE: Erased,
        PERSON: PersonHappened,
        PHONE: PhoneHappened,
        DIRECTORY: DirectoryHappened,
    }
)
