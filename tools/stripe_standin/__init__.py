"""A small stateful Stripe for development and tests; README.md beside this file tells how to use it."""
