"""A run that is handed from one framework to the next, as a checkpoint."""
