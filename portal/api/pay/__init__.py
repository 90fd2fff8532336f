"""Payment systems' door: one desk for whatever protocol they speak (portal.domain.dialects)."""
