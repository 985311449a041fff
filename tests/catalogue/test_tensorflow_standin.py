"""Finding plugins that import TensorFlow, without importing it. Each test is a new interpreter."""

from __future__ import annotations

import pytest

PLUGIN = """
    from __future__ import annotations
    import tensorflow as tf
    import tensorflow.keras
    import keras.layers as layers
    from rlkit import component, hookimpl

    @component
    class Doubling:
        def select(self, values: tf.Tensor, seen, call) -> tf.Tensor:
            total = tf.constant(0.0)
            for value in values:
                if value > 0:
                    total += value
            return 2 * total

        def build_layer(self):
            from acme_rl.inner import Inner
            return Inner(), layers.Dense(3), tensorflow.keras.layers.Dense(4)

    @hookimpl
    def rlkit_explorations():
        from acme_rl import later
        return {"doubling": Doubling}
"""
BROKEN_TENSORFLOW = "raise ImportError('no such CPU')"


def run(plugin_site, code: str) -> str:
    found = plugin_site.python("-c", "import sys\nfrom rlkit.catalogue.discovery import discover\n" + code)
    assert found.returncode == 0, found.stderr
    return found.stdout


OFFER = """
from rlkit import component, hookimpl

@component
class Good:
    def select(self, values, seen, call): ...

@hookimpl
def rlkit_explorations():
    return {"good": Good}
"""


@pytest.fixture
def acme(plugin_site):
    plugin_site.install("acme_rl", PLUGIN)
    plugin_site.write("acme_rl/later.py", "import keras\n")
    plugin_site.write(
        "acme_rl/inner.py",
        """
        import keras
        import tensorflow as tf

        class Inner(keras.layers.Layer):
            def call(self, x):
                return tf.nn.tanh(x)
        """,
    )
    return plugin_site


def test_finding_plugins_that_import_tensorflow_does_not_import_it(acme):
    out = run(
        acme,
        "catalogue = discover()\n"
        "assert catalogue.broken == ()\n"
        "assert not any(plugin.loads_tensorflow for plugin in catalogue.plugins)\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('tensorflow', 'keras')])\n"
        "print([type(finder).__name__ for finder in sys.meta_path if 'rlkit' in type(finder).__module__])\n",
    )
    assert out == "[]\n[]\n"


def test_afterwards_graph_code_autograph_xla_and_keras_work_in_the_plugin(acme):
    out = run(
        acme,
        """
part = discover().find("exploration", "doubling").component()
import acme_rl
tf = acme_rl.tf
q = tf.constant([1.0, -2.0, 3.0])
for select in (part.select, tf.function(part.select), tf.function(part.select, jit_compile=True)):
    print(float(select(q, None, None)))
inner, dense, old_dense = part.build_layer()
import keras, tensorflow
print(isinstance(inner, keras.layers.Layer), dense(inner(q[None])).shape, old_dense(q[None]).shape)
print(type(tensorflow).__module__, type(keras).__module__, tensorflow.constant is tf.constant)
print(tf is tensorflow, tf.__version__ == tensorflow.__version__, "nn" in dir(tf))
""",
    )
    assert out.splitlines() == ["8.0", "8.0", "8.0", "True (1, 3) (1, 4)", "builtins builtins True", "False True True"]


@pytest.fixture
def small_tensorflow(plugin_site):
    """Packages of those names that import fast; what happens to the import system is the same."""
    plugin_site.write(
        "tensorflow/__init__.py",
        """
        import time
        time.sleep(0.05)

        class Module: ...

        def function(f):
            return f
        """,
    )
    plugin_site.write("keras/__init__.py", "import tensorflow\nfrom keras import layers\n")
    plugin_site.write("keras/layers.py", "class Dense: ...")
    return plugin_site


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("from keras import layers\nlayers.Dense()", 1),
        ("from keras.layers import Dense\nDense()", 1),
        ("import keras.layers as layers\nlayers.Dense()", 2),
        ("import tensorflow as tf\nclass Mine(tf.Module): ...", 2),
        ("import tensorflow as tf\n@tf.function\ndef double(x): return 2 * x", 2),
    ],
)
def test_a_plugin_that_uses_tensorflow_when_imported_works_and_says_what_that_costs(small_tensorflow, source, line):
    folder = small_tensorflow.install("acme_rl", source + OFFER)
    out = run(
        small_tensorflow,
        """
catalogue = discover()
assert catalogue.broken == ()
plugin = next(plugin for plugin in catalogue.plugins if plugin.name == "acme_rl")
print(plugin.loads_tensorflow, plugin.seconds > 0.05, plugin.tensorflow_use)
print([other.name for other in catalogue.plugins if other.loads_tensorflow])
import tensorflow
print(type(tensorflow).__module__, tensorflow.Module)
""",
    )
    assert out.splitlines() == [
        f"True True {folder}/__init__.py:{line}",
        "['acme_rl']",
        "builtins <class 'tensorflow.Module'>",
    ]


def test_a_process_that_has_imported_tensorflow_keeps_it(small_tensorflow):
    small_tensorflow.install("acme_rl", "import tensorflow as tf\nclass Mine(tf.Module): ..." + OFFER)
    out = run(
        small_tensorflow,
        """
import tensorflow
catalogue = discover()
import acme_rl
print(acme_rl.tf is tensorflow, sys.modules["tensorflow"] is tensorflow)
print(catalogue.broken, any(plugin.loads_tensorflow for plugin in catalogue.plugins))
""",
    )
    assert out.splitlines() == ["True True", "() False"]


def test_discovery_within_discovery_leaves_the_outer_stand_ins_alone(small_tensorflow):
    out = run(
        small_tensorflow,
        """
from rlkit.catalogue.tensorflow_standin import deferred_tensorflow
with deferred_tensorflow() as outer:
    standing = sys.modules["tensorflow"]
    with deferred_tensorflow():
        pass
    print(sys.modules["tensorflow"] is standing, bool(outer.first_use))
    standing.Module
    print(sys.modules["tensorflow"] is standing, bool(outer.first_use))
print(type(sys.modules["tensorflow"]).__name__)
""",
    )
    assert out.splitlines() == ["True False", "False True", "module"]


def test_a_tensorflow_that_cannot_be_imported_breaks_only_the_plugins_that_use_it_at_once(acme):
    acme.write("tensorflow/__init__.py", BROKEN_TENSORFLOW)
    acme.install("eager_rl", "import tensorflow as tf\nclass Mine(tf.Module): ...")
    acme.install("aardvark_rl", "import tensorflow as tf\nclass Mine(tf.Module): ...")
    out = run(
        acme,
        "catalogue = discover()\n"
        "print([(broken.name, broken.error.partition(' at ')[0]) for broken in catalogue.broken])\n"
        "print(catalogue.find('exploration', 'doubling').name)\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('tensorflow', 'keras')])\n",
    )
    assert out.splitlines() == [
        "[('aardvark_rl', 'ImportError: no such CPU'), ('eager_rl', 'ImportError: no such CPU')]",
        "doubling",
        "[]",
    ]


def test_looking_at_the_stand_in_as_the_import_system_and_inspect_do_imports_nothing(plugin_site):
    plugin_site.install(
        "acme_rl",
        "import importlib.util, inspect, sys\n"
        "import tensorflow as tf\n"
        'found = [importlib.util.find_spec("tensorflow").name, tf.__name__, tf.__file__[-11:], inspect.ismodule(tf)]\n'
        "inspect.getmodule(inspect.currentframe())\n" + OFFER,
    )
    out = run(
        plugin_site,
        "catalogue = discover()\nimport acme_rl\n"
        "print(acme_rl.found, catalogue.broken, any(plugin.loads_tensorflow for plugin in catalogue.plugins))\n",
    )
    assert out == "['tensorflow', 'tensorflow', '__init__.py', True] () False\n"
