"""The physicians of a program, their group, and who holds a seat in it."""
