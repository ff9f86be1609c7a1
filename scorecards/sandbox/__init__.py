"""The sandbox of every hospital: synthetic data to rehearse with, before any contract."""
