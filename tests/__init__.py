"""The tests mirror the house; `tests.support` holds the servers and browsers they lean on."""
