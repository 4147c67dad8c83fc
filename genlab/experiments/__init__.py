"""Experiments: data + model + training settings + seed, one typed, torch-free declaration each.

What the data are (``data``) and how it learns (``principles``) are two parts that a kind of experiment composes. A file
a kind has the experiments of its families, the families themselves and their entries in the catalogue.
"""
