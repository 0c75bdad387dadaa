"""The explorer's pages, one module each: how it reads the archive, and its view."""
