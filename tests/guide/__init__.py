"""Tests of the teacher's guide."""
