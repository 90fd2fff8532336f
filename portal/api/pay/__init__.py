"""Payment systems' door: each protocol in a file of its own over one desk."""
