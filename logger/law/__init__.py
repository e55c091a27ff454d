"""The law a share relies on, as dated data that can be replaced.

Promises: only what was in force on the day of the share is offered, for this kind of organisation
and this nation; every row says its source and whether that source was read.
"""
