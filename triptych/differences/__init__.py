"""The catalogue of differences: what frameworks do by default, each entry verified by running it.

An entry is one file, TOPIC/NAME.py. Its docstring is a title and what there is to know; literals
below it hold the other facts; and a function for each framework, which imports that framework,
returns `default` (what one gets without saying anything) and `matched` (the same with the remedy).
Entries are read as text. Only `observe`, in a process of its own for each backend, runs them.
"""
