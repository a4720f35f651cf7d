"""What the verifier learns from: claims that their source supports, and such as were corrupted or restated."""
