"""A program: one service line, one group of physicians, one way to work together."""
