"""Cells that a spreadsheet shows and never runs."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so may be run as a formula (OWASP, "CSV injection"); full-width forms count as the plain ones."""


def safe_cell(value: object) -> object:
    """A cell for CSV: words that a spreadsheet would take for a formula get an apostrophe before them; numbers stay."""
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return "'" + value
    return value
