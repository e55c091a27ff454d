"""The parts of the SQLite store: its file, its statements, its ledger, its registers."""
