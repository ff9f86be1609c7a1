"""What every page shares: layout context, errors, headers, log lines."""
