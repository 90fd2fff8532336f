"""Measurements.  They print, side by side in one run, and assert nothing."""
