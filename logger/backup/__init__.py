"""Backups: the whole of an instance in one sealed file that only the recovery key opens."""
