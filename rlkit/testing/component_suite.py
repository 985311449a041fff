"""What is asked of a component of any kind."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from rlkit.catalogue.discovery import discover
from rlkit.catalogue.faults import PluginError
from rlkit.catalogue.parameters import REQUIRED, Parameter, parameters_of
from rlkit.catalogue.registration import check_component
from rlkit.contracts.component import ParameterError, parameter_info
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.testing.no_tensorflow import no_tensorflow
from rlkit.testing.out_of_range import out_of_range
from rlkit.testing.verdict import ContractBroken, demand, raised

VECTOR = Spaces(Array((4,), "float32"), Discrete(3))
SPACES = (
    VECTOR,
    Spaces(Array((1,), "float32", 0.0, 1.0), Discrete(1)),
    Spaces(Array((10, 10, 4), "uint8", 0, 255), Discrete(6)),
    Spaces(Array((5,), "int8", 0, 1), Array((2,), "float32", -1.0, 1.0)),
    Spaces(Array((), "float32"), Discrete(2), environments=8),
)
"""What environments may look like."""


class ComponentSuite:
    """The base of the suites. An author's test subclasses the suite of a kind and gives it a component.

    Each method whose name begins with `test_` is one demand of the contract; it raises ContractBroken with what was
    asked for and what was found. pytest runs them; so does anything else that calls them.
    """

    component: Any
    """The component under test, an instance. Sizes that take long (a capacity) are best kept small."""
    contract: ClassVar[type]
    """The Protocol of the kind; set by the kind's suite."""

    def test_a_plugin_can_register_it(self) -> None:
        """A frozen dataclass with the contract's methods, whose fields an experiment file can fill."""
        kinds = discover().kinds
        kind = next((kind for kind in kinds.values() if kind.contract is self.contract), None)
        if kind is None:
            raise LookupError(f"no installed plugin defines the kind {self.contract.__name__} (pip install -e .)")
        try:
            check_component(kind, "under_test", type(self.component), kinds)
        except PluginError as error:
            raise ContractBroken(str(error)) from error
        keyword_only = all(field.kw_only for field in dataclasses.fields(self.component))
        self.demand(keyword_only, "keyword-only parameters (@rlkit.component)", "positional ones")

    def test_it_says_what_it_and_its_parameters_mean(self) -> None:
        """A docstring of the class, and `doc` of every parameter."""
        cls = type(self.component)
        # A dataclass without a docstring is given its signature for one.
        own = cls.__doc__ and not cls.__doc__.startswith(f"{cls.__name__}(")
        self.demand(own, "a docstring that says what the component does", "none")
        silent = [field.name for field in dataclasses.fields(self.component) if not parameter_info(field).doc]
        asks = 'the meaning of every parameter, `tau: float = parameter(0.01, "share of …")`'
        self.demand(not silent, asks, f"none for {', '.join(silent)}")

    def test_its_defaults_are_within_their_ranges(self) -> None:
        """No experiment fails for a parameter that it does not mention."""
        for parameter in self._parameters():
            problem = None if parameter.default is REQUIRED else parameter.info.problem(parameter.default)
            self.demand(not problem, "defaults within the parameter's own range", f"{parameter.name}: {problem}")

    def test_it_refuses_values_out_of_range(self) -> None:
        """By a ParameterError that names the parameter, from which the experiment file's line is found."""
        for parameter in self._parameters():
            for value in out_of_range(parameter):
                asks = f"a ParameterError about {parameter.name} = {value!r}"
                asks += f" (allowed: {parameter.info.allowed()})" if parameter.info.allowed() else ""
                try:
                    dataclasses.replace(self.component, **{parameter.name: value})
                except ParameterError as error:
                    self.demand(error.parameter == parameter.name, asks, f"one about {error.parameter}")
                except Exception as error:
                    raise ContractBroken(f"{self.name}: the contract asks for {asks}; found {raised(error)}") from error
                else:
                    self.demand(False, asks, "that the value is accepted")

    def test_its_check_accepts_or_raises_value_error(self) -> None:
        """Whatever the spaces; and without TensorFlow, which `rlkit check` does not wait for."""
        if not hasattr(self.component, "check"):
            return
        for spaces in SPACES:
            asks = f"None or a ValueError for {spaces.observation} and {spaces.action}, without importing TensorFlow"
            answer = None
            try:
                with no_tensorflow():
                    answer = self.component.check(spaces)
            except ValueError:
                continue
            except Exception as error:
                text = f"{self.name}.check: the contract asks for {asks}; found {raised(error)}"
                raise ContractBroken(text) from error
            self.demand(answer is None, asks, repr(answer), "check")

    @property
    def name(self) -> str:
        """The component's class, for messages."""
        return type(self.component).__name__

    def demand(self, holds: object, asks: str, found: str, method: str = "") -> None:
        """Raise ContractBroken about the component, or a method of it, unless something holds."""
        __tracebackhide__ = True
        demand(holds, f"{self.name}.{method}" if method else self.name, asks, found)

    def accepts(self, spaces: Spaces) -> bool:
        """Whether the component's own `check` lets these spaces pass."""
        try:
            if hasattr(self.component, "check"):
                self.component.check(spaces)
        except ValueError:
            return False
        return True

    def _parameters(self) -> tuple[Parameter, ...]:
        return parameters_of(type(self.component), discover())
