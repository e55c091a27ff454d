"""What people do with their own way in: see and end their sessions, change their password."""
