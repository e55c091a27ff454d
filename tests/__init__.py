"""Tests, laid out like the source they hold to its word."""
