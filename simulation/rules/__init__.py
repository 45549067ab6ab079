"""How people and customers respond: pure functions, one file a behaviour."""
