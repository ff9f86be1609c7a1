"""Machines that send data: how they are registered, sign in and are limited."""
