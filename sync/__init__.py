"""Takes in signed, sealed events and keeps them in order, without reading them.

Promises: an event is kept once or not at all; a kept event is never edited;
nothing in this package can open a sealed payload.
"""
