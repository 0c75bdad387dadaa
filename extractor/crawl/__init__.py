"""From a site's address to articles: robots, fetching, discovery, parsing. It knows nothing of the archive's tables."""
