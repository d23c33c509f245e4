"""The catalogue of differences between framework defaults, each entry verified by running it.

An entry is one file, TOPIC/NAME.py. Its docstring is a title and a summary; assignments below it
hold the other facts. A function for each framework imports that framework and returns two
functions: `default` computes the value with the framework's defaults, `matched` the same with the
remedy. Entries are read as text. Only `observe`, in a process of its own for each backend, runs
them.
"""
