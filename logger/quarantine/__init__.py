"""What was set aside: seen by its metadata, opened by information governance, admitted or noted.

Promises: nothing leaves by itself; nothing is opened without a look; whatever was decided is an
event, and what was set aside stays in the ledger where it arrived.
"""
