"""Tests of the tests: every law has been seen to fail."""
