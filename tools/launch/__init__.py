"""Starts the whole site on a machine with Python and nothing else; standard library only."""
