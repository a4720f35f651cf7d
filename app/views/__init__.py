"""The screens: each takes what a person did, calls the service once, and shows what came of it."""
