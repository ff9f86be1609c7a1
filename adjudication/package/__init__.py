"""The adjudication report as a PDF."""
