"""Compare runs stage by stage against the budgets. Imports no framework."""
