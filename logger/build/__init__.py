"""Puts the record together from settings and keys: every room once, given what it needs."""
