"""Mutants by Cosmic Ray of the code that computes the numbers and of the code that judges them."""
