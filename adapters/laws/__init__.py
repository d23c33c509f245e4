"""What every adapter must keep: the laws, the examples on which they are tested, their tolerances.

Imports nothing itself, so that `import adapters` and lessons stay light.
"""
