"""Money that other payment systems take for us, from their messages to the books."""
