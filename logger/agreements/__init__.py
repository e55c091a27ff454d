"""Sharing agreements: with whom, about what, until when, and which shares had none.

Promises: nothing is ever blocked for want of an agreement; what counts for a share is whether one
was in force on its day, however late that is written down; no entry is opened for a count.
"""
