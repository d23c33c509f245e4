"""The ledger of releases: what each release of a framework computes, and what changed with it.

A row is one JSON file for one release of a backend. Rows are made by compare/releases of the
checkout; this package reads them, compares neighbours, and prints the result.
"""
