"""A PDF that lasts and that everybody can read: one page, tagged, PDF/A-3A (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)."""
