"""Where every program of a hospital stands, and what needs the reader."""
