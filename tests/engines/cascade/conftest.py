import os
from pathlib import Path

import pytest

from brandwacht.engines.cascade import Kernel, warm


@pytest.fixture(scope="session")
def compiled(request: pytest.FixtureRequest) -> Kernel:
    """The compiled kernel. Compiled once for all runs of the tests, as long as its text stays the same."""
    assert request.config.cache is not None
    folder = Path(os.environ.get("BRANDWACHT_TEST_KERNELS") or request.config.cache.mkdir("kernels"))
    return warm(folder)
