"""Turns what phones logged into an accountable record: opened, documented, reviewed.

Promises: everything that happens is an event in the ledger; no one is shown an entry
before the look is written down; what a route does not name, it may not do.
"""
