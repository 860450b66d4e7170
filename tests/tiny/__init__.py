"""Models of every family the experts load, at a size that a test can build: random weights, saved as real ones are.

One module for each family with a `build(folder)`, which writes what a fetched repository would hold.
"""
