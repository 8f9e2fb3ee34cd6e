"""`make bench`: what this machine serves a second, every row in one run on the same server settings."""
