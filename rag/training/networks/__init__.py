"""The networks and how they are fitted: encoder, heads and losses, batches, checkpoints, and the folder that loads."""
