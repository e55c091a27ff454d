"""Children: entries about the same child, joined by people, on one page.

Promises: the index joins by keyed hashes and never holds a name; the product only proposes, a
person confirms or separates; what somebody may not see leaves no trace in what they are shown.
"""
