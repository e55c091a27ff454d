"""The keys of the record, wrapped at rest, and the only place that seals and opens."""
