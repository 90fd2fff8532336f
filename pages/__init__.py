"""One module per address of zhkh-portal (this name belongs to the distribution zhkh-portal)."""
