"""Whether an event may be kept, and whether its signature holds."""
