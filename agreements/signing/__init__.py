"""Who must approve an agreement, who signs it, and what is sealed once both have."""
