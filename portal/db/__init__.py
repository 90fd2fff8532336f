"""The tables, one noun a file; column types; the engine; the migrations."""
