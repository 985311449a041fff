"""How a suite answers a component that is broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rlkit.testing import ComponentSuite, ContractBroken


@pytest.fixture
def sentence() -> Callable[..., str]:
    """`sentence(suite, component, "test_…")`: that test's failure, which must be one line."""

    def fail(suite: type[ComponentSuite], component: Any, test: str, **given: Any) -> str:
        under_test = type(f"Test{type(component).__name__}", (suite,), {"component": component, **given})
        with pytest.raises(ContractBroken) as caught:
            getattr(under_test(), test)()
        message = str(caught.value)
        assert "\n" not in message
        return message

    return fail
