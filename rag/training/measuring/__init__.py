"""How good a model is: figures on labelled sets, through the code that answers, and the gate between two models."""
