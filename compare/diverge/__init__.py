"""The first number that two backends do not share, and why: `make diverge A=torch B=keras`."""
