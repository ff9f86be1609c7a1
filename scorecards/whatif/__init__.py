"""What-if: the rest of a year played through before it happens; never for pay."""
