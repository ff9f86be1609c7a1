"""What a version of an agreement is held against: rules with their sources, and findings."""
