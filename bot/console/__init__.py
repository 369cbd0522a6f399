"""The web console of those who look into reports; see README.md."""
