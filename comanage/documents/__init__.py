"""HTML to PDF, and the charts that page and PDF share."""
