"""rlkit: reinforcement-learning experiments assembled from plugins. What anyone may import stands in `__init__.pyi`."""

import lazy_loader

# A name's home is imported at its first use, so that `rlkit --help` need not import NumPy, nor a plugin TensorFlow.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
