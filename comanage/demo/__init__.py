"""The demo program: real, published hospital stays and the feed that takes them in."""
