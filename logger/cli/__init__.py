"""The command `sharelog`: makes, serves, checks and mends an instance. Every failure is a sentence
on stderr and an exit code, never a trace."""
