"""A rehearsal of a teaching day: its commands in order, on this machine, and what is missing."""
