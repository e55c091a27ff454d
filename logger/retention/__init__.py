"""How long entries are kept, and how they end: words go, a tombstone stays."""
