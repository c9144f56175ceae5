import os
import time

import pytest

from .world import World


class Real(World):
    """AWS. Nothing can be hurried, and nothing fails on demand."""

    @property
    def environment(self) -> dict:
        return dict(os.environ)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def ask_for(self, service: str, operation: str, error: str, status: int) -> None:
        pytest.skip(f'{error} cannot be asked for')
