"""The governing committee's comments on a frozen result: asked for, written, and over."""
