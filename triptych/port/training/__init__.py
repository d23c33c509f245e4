"""Loss, gradients, statistics and updates: do both models train alike?"""
