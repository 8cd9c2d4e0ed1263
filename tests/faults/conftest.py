"""How an injected fault ended, added up at the end of the run."""

import pytest


@pytest.fixture
def ended(request):
    """To be called once for each fault that a test injects: `ended("recovered")`, or "explained", or "lost"."""
    def say(how):
        assert how in ("recovered", "explained", "lost"), how
        request.node.user_properties.append(("fault", how))
    return say
