"""The catalogue of differences: what frameworks do when you say nothing, each entry run, not told.

An entry is a folder TOPIC/NAME with a few facts (entry.toml) and one short program for each
framework (torch.py, keras.py, …). Only `observe`, in a process of its own, runs such a program.
"""
