"""Tests of the tests: every law can fail."""
