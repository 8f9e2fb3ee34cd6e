"""Commands for developers, behind the Makefile."""
