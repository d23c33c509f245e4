"""Mutants made by Cosmic Ray, in the code that the numbers come from and that judges them."""
