"""The models; the only importers of torch, transformers, sentence_transformers and onnxruntime."""
