"""Faults that are put into running lessons on purpose: python -m tests.trust.faults"""
