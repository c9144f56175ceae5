"""Where the suite runs: the emulator, or AWS itself. Tests know nothing of either; all waiting goes through here."""

import os

from .emulated import Emulated
from .real import Real
from .world import World

__all__ = ['World', 'open_world']


def open_world() -> World:
    """`CONFORMANCE_ENDPOINT=aws` runs the suite against AWS, with the credentials and the money of whoever does it."""
    return Real() if os.environ.get('CONFORMANCE_ENDPOINT') == 'aws' else Emulated()
