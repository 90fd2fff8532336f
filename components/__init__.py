"""Reusable pieces of zhkh-portal's screens (this name belongs to the distribution zhkh-portal)."""
