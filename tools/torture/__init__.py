"""`make torture`: purchases while everything that a purchase needs is killed and stopped, then an audit."""
