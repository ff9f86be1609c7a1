"""What the fixed fee pays for, duty by duty, and the fee that they come to."""
