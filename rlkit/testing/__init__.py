"""For authors of plugins: a conformance suite a kind, and probe worlds with known answers.

A test of a component is two lines, run by pytest (or by anything that calls its `test_` methods):

    class TestBoltzmann(ExplorationSuite):
        component = Boltzmann(temperature=0.5)
"""

import lazy_loader

# A suite is imported at its first use: those of stop criteria and recorders need no TensorFlow.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
