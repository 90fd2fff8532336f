"""Charging the month: reading its facts, posting what follows from them, closing it."""
