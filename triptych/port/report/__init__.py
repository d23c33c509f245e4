"""A result as a table in the terminal, as JSON and JUnit, and as a page."""
