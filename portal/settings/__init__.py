"""The parts of the settings; `portal.config` is their door."""
