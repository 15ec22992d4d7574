"""Networks of one's own: data, training, export. The only package that may import torch."""
