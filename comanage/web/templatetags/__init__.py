"""Template filters and tags; built into the template engine, so no page loads them."""
