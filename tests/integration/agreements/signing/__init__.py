"""Signing an agreement: a package, so that its world is taken back when its last test is done."""
