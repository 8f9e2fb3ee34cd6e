"""Public pages are the same bytes for every anonymous reader, so one copy serves them all."""
