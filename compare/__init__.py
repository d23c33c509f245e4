"""Do two runs agree? Reads records, knows the budgets, and imports no framework."""
