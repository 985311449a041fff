"""What runs a program: LiteRT, or TensorFlow compiled, as graphs or eagerly."""
