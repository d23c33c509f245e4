"""Why B's numbers are others: hypotheses, each proved by applying its remedy."""
