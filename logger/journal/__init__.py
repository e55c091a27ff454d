"""What is written to and read from the ledger; whatever pages list is made from it."""
