"""Large files that come in parts: begun, filled in any order, resumed, and joined."""
