"""Settings: `base` for all, then `dev`, `test` and `prod`. Values come from the environment alone."""
