"""The same 15 indicators written by hand for other engines: rivals in speed, oracles in result."""
