"""What one physician comes to from every agreement with the hospital."""
