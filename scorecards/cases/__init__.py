"""Cases: where each case of an indicator stands, and why."""
