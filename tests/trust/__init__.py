"""Tests with wrong, hostile and unusual input, and with faults."""
