"""What a sweep varies, and at which points."""
