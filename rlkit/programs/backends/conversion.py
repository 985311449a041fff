"""From a program to a LiteRT model."""

from __future__ import annotations

import re
import tempfile
from typing import Any

import tensorflow as tf

from rlkit.programs.backends.litert import READ, WRITE, NotConvertibleError, short_names
from rlkit.programs.backends.quiet import quiet_stderr
from rlkit.programs.program import GraphFunction, Program


def convert(program: Program) -> bytes:
    """The program as a LiteRT model, with two more signatures that read and write its variables.

    Raises:
        NotConvertibleError: if an operation has no counterpart in LiteRT.
    """
    names = short_names(program.variables)
    pairs = [(names[name], variable) for name, variable in program.variables.items()]

    def read() -> dict[str, Any]:
        return {name: tf.identity(variable) for name, variable in pairs} or {"nothing": tf.constant(0)}

    def write(**values: Any) -> dict[str, Any]:
        for name, variable in pairs:
            variable.assign(values[name])
        return {"written": tf.constant(len(pairs))}

    specs = tuple(tf.TensorSpec(variable.shape, variable.dtype, name=name) for name, variable in pairs)
    extra = (GraphFunction(READ, (), call=read), GraphFunction(WRITE, specs, call=write))
    module = tf.Module()
    module.variables_of_program = [variable for _, variable in pairs]
    with tempfile.TemporaryDirectory() as folder, quiet_stderr():
        try:
            signatures = {function.name: function.traced for function in (*program.functions, *extra)}
            # Nobody takes the gradient of what is saved, nor asks how the model was made: a tenth of the time.
            options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
            tf.saved_model.save(module, folder, signatures=signatures, options=options)
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
            converter.experimental_enable_resource_variables = True
            converter.exclude_conversion_metadata = True
            return bytes(converter.convert())
        except Exception as error:  # the converter raises whatever its MLIR passes raise
            raise NotConvertibleError(_reason(error)) from error


def _reason(error: Exception) -> str:
    lacking = sorted(set(re.findall(r"'tf\.(\w+)' op is neither", str(error))))
    if lacking:
        return "LiteRT has no " + ", ".join(lacking)
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"not convertible to LiteRT: {lines[0][:200]}"
