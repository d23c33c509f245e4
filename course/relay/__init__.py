"""A training run that is passed from one framework to the next as a checkpoint."""
