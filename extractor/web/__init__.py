"""The explorer: a local web page over the archive, made of Datasette with a plugin and templates of ours."""
