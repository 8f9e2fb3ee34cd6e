"""Loads the demo content: each piece once, so that no edit is overwritten and nothing deleted comes back."""
