"""The speed of taking in an extract, side by side with bare parsing and other engines."""
