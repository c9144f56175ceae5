"""Every bound, pattern and enumeration of the models, on both sides."""

import pytest

from calling import code_of, refusal
from conftest import all_cases

CASES = all_cases()
CODES = {'cloudhsmv2': 'CloudHsmInvalidRequestException', 'kms': 'ValidationException'}


@pytest.mark.parametrize(('service', 'case'), CASES, ids=[f'{service} {case.title}'.encode('ascii', 'replace').decode() for service, case in CASES])
def test_an_input_is_held_to_its_model(clients, service, case):
    error = refusal(clients[service], case.operation, case.input)

    broken = error is not None and 'failed to satisfy constraint' in error.response['Error']['Message']
    assert broken is not case.fits, error
    if broken:
        assert code_of(error) == CODES[service]
        assert error.response['ResponseMetadata']['HTTPStatusCode'] == 400


def test_the_cases_are_many_and_of_both_kinds():
    assert len(CASES) > 400
    assert all(any(case.fits is fits for _, case in CASES) for fits in (True, False))
