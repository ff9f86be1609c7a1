"""What every API door shares: authentication, permission, the shape of errors."""
