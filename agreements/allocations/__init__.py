"""How a group divides what it is paid, as the signed terms say."""
