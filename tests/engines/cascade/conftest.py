from pathlib import Path

import pytest

from brandwacht.engines.cascade import Kernel, warm


@pytest.fixture(scope="session")
def kernels(request: pytest.FixtureRequest) -> Path:
    """A folder for compiled kernels that stays, so that they are compiled anew only when their text changed."""
    assert request.config.cache is not None
    return request.config.cache.mkdir("kernels")


@pytest.fixture(scope="session")
def compiled(kernels: Path) -> Kernel:
    """The compiled kernel."""
    return warm(kernels)
