"""Wrong, hostile and unusual input, and what becomes of it."""
