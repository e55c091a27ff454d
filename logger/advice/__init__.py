"""Questions to the data protection team, on an entry and with a clock; and advice for everybody.

Promises: who advises sees of an entry what they were asked about and nothing else, and decides
nothing; general advice is written apart and leads back to no entry.
"""
