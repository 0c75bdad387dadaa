"""The one root of every error the package raises on purpose.

A message is one line: what is wrong, where, and what to do about it. The command line prints it and exits with
`exit_code`; inside a batch it becomes a row of `problems` with `code`.
"""


class ExtractorError(Exception):
    """Base of all errors of this package.

    Args:
        message: one line that says what is wrong, where, and what to do.
        code: short machine-readable name of the cause, such as `"empty_file"`; the `code` column of `problems`.
    """

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InputError(ExtractorError):
    """A file or a line of input cannot be read as an article."""

    code = "input"


class CrawlError(ExtractorError):
    """A page cannot be fetched, or may not be."""

    code = "crawl"


class ParseError(ExtractorError):
    """A fetched page cannot be read as an article."""

    code = "parse"


class RuleError(ExtractorError):
    """A rule file is wrong; the message names file, rule, cause and the nearest right key."""

    code = "rule"


class OffsetError(ExtractorError):
    """A record's span is not in the text it claims to be from: a fault of an extractor, never of the input."""

    code = "offset"


class DatasetError(ExtractorError):
    """The archive cannot be opened, read or written."""

    code = "dataset"
