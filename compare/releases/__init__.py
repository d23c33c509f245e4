"""Measure the releases of a framework for the ledger: one environment, one row each."""
