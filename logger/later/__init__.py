"""What is added at the desk after the moment: shared again, corrected, received, what came of it.

Promises: nothing captured or documented is changed by it; whoever is not signed in learns from a
one-time link nothing but the organisation and the time; what somebody says is not theirs leaves
their lists and is found by those who look after phones and people.
"""
