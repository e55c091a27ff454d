"""Figures for those who answer for how an organisation shares, from the index alone.

Promises: no entry is opened for a figure; a number from one to four is never shown, nor can it be
worked out from those beside it (docs/threat-model.md); what is kept apart is in no figure.
"""
