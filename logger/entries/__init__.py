"""Entries: what was captured in the moment, and the documentation added afterwards.

Promises: what the phone captured is never edited; what a person typed is never thrown away by a
mistake, a conflict or a second window; the index holds codes and times, never a narrative.
"""
