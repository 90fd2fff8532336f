"""The arithmetic of housing services: frozen values, no clock, no storage, no settings."""
