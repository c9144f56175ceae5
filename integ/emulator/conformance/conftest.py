from functools import cache

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from authority import Authority
from life import Life
from machine import Machine
from model_cases import cases
from place import Place
from world import open_world

# The operations under test, by service; the rest of KMS is not this suite's matter.
STORES = ['ConnectCustomKeyStore', 'CreateCustomKeyStore', 'DeleteCustomKeyStore', 'DescribeCustomKeyStores', 'DisconnectCustomKeyStore', 'UpdateCustomKeyStore']


# What is said of the world when it has ended.
LAST_WORDS: list[str] = []


@cache
def service_document(service: str) -> dict:
    return Loader(include_default_search_paths=True).load_service_model(service, 'service-2')


@cache
def service_model(service: str):
    return ServiceModel(service_document(service), service)


def operations_of(service: str) -> list:
    return STORES if service == 'kms' else sorted(service_model(service).operation_names)


def all_cases() -> list:
    return [(service, case) for service in ('cloudhsmv2', 'kms') for case in cases(service_model(service), operations_of(service))]


@pytest.fixture(scope='session')
def world():
    opened = open_world()
    yield opened
    LAST_WORDS.append(opened.close())


@pytest.fixture(scope='session')
def clients(world):
    """Clients that send whatever they are given, by service."""
    return {service: world.client(service) for service in ('cloudhsmv2', 'kms')}


@pytest.fixture(scope='session')
def place(world):
    """A network with room for a cluster and for a machine that may talk to it, in the first region."""
    return Place(world)


@pytest.fixture(scope='session')
def machine(world, place):
    """Where the client tools run."""
    return Machine(world, place)


@pytest.fixture(scope='session')
def authority():
    return Authority()


@pytest.fixture(scope='session')
def life(world, place, machine, authority):
    """The one cluster of the suite; making it is what most tests are about, so they ask it to have come so far."""
    return Life(world, place, machine, authority)


# The cluster goes on from file to file; what needs none of it comes before.
ORDER = ['test_bounds', 'test_errors', 'test_permissions', 'test_clusters', 'test_tags_and_pages', 'test_backups', 'test_quotas', 'test_key_stores', 'test_clients']


def pytest_terminal_summary(terminalreporter) -> None:
    for words in filter(None, LAST_WORDS):
        terminalreporter.write_line(words)


def pytest_collection_modifyitems(items) -> None:
    items.sort(key=lambda item: ORDER.index(item.module.__name__))
