"""Find the first number in which two backends differ, and why: `make diverge A=torch B=keras`."""
