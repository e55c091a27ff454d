"""The directory: who can be told, why and how, in the organisation's words.

Promises: phones get it signed and never a number that is not public; a code keeps its meaning.
"""
