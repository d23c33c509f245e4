"""The first number that two engines do not share, and why: `make diverge A=torch B=keras`."""
