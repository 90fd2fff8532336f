"""Payments that residents begin here, by card or through СБП: from the form to the books."""
