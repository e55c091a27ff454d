"""Who looked at what: the look stands in the ledger before anything is opened for a person."""
