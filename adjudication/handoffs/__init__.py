"""What finance took to accounts payable."""
