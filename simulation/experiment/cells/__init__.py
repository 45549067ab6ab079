"""What has been simulated, kept by policy and seed."""
