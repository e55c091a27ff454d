"""Review: a supervisor reads an entry and decides on it.

Promises: nobody reviews their own entry; two people never both decide; the words of whoever
comes second are kept for them.
"""
