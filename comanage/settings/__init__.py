"""Settings: `base` for all, then `dev`, `test` and `prod`; values from the environment alone."""
