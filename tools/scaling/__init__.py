"""How long a step takes on 1 to 1,024 workers: a model, what was measured, and how far apart."""
