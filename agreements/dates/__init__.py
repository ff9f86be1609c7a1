"""The days that must not be missed: gathered, told in time, and read by a member's own calendar."""
