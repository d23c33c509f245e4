"""Faults that are injected into running lessons: python -m tests.trust.faults"""
