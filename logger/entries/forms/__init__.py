"""The questions of the documentation, section by section, in words that fit what was done.

Promises: only what must be answered to submit is asked at first sight; a decision not to share is
never asked why it was necessary to share; what is offered to take over is marked as an offer.
"""
