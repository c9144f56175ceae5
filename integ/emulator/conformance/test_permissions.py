"""Whoever is not allowed is refused: by policies, with nothing asked for."""

import json

import pytest

from calling import call, code_of, refusal

USER = 'conformance-permissions-4c1d'
ALLOWED = ['cloudhsm:DescribeClusters', 'kms:DescribeCustomKeyStores']
ACCESS_DENIED = {'cloudhsmv2': 'CloudHsmAccessDeniedException', 'kms': 'AccessDeniedException'}


@pytest.fixture(scope='module')
def narrow(world):
    """Clients of a user who may look at clusters and key stores and do nothing else, by service."""
    iam = world.client('iam')
    statement = {'Effect': 'Allow', 'Action': ALLOWED, 'Resource': '*'}
    call(iam, 'CreateUser', {'UserName': USER})
    key = call(iam, 'CreateAccessKey', {'UserName': USER})['AccessKey']
    clients = {service: world.client_of(key, service) for service in ACCESS_DENIED}
    try:
        call(iam, 'PutUserPolicy', {'UserName': USER, 'PolicyName': 'may', 'PolicyDocument': json.dumps({'Version': '2012-10-17', 'Statement': statement})})
        world.until(lambda: not refusal(clients['kms'], 'DescribeCustomKeyStores'), minutes=5, every=2)
        yield clients
    finally:
        call(iam, 'DeleteAccessKey', {'UserName': USER, 'AccessKeyId': key['AccessKeyId']})
        call(iam, 'DeleteUserPolicy', {'UserName': USER, 'PolicyName': 'may'})
        call(iam, 'DeleteUser', {'UserName': USER})


@pytest.mark.parametrize('service, operation', [('cloudhsmv2', 'DescribeClusters'), ('kms', 'DescribeCustomKeyStores')])
def test_what_is_allowed_is_answered(narrow, service, operation):
    assert refusal(narrow[service], operation) is None


@pytest.mark.parametrize('service, operation, given', [
    ('cloudhsmv2', 'CreateCluster', {'HsmType': 'hsm2m.medium', 'SubnetIds': ['subnet-0123456789abcdef0'], 'Mode': 'FIPS'}),
    ('cloudhsmv2', 'CreateHsm', {'ClusterId': 'cluster-aaaaaaaaaaa', 'AvailabilityZone': 'us-east-1b'}),
    ('cloudhsmv2', 'DeleteCluster', {'ClusterId': 'cluster-aaaaaaaaaaa'}),
    ('cloudhsmv2', 'DescribeBackups', {}),
    ('kms', 'CreateCustomKeyStore', {'CustomKeyStoreName': 'store'}),
    ('kms', 'ConnectCustomKeyStore', {'CustomKeyStoreId': 'cks-1234567890abcdef0'}),
])
def test_what_is_not_is_refused(narrow, service, operation, given):
    assert code_of(refusal(narrow[service], operation, given)) == ACCESS_DENIED[service]


def test_the_refusal_says_who_may_not_do_what_and_why(narrow):
    error = refusal(narrow['kms'], 'DeleteCustomKeyStore', {'CustomKeyStoreId': 'cks-1234567890abcdef0'})
    said = error.response['Error']['Message']
    assert f':user/{USER} is not authorized to perform: kms:DeleteCustomKeyStore on resource: ' in said
    assert 'because no identity-based policy allows the kms:DeleteCustomKeyStore action' in said


def test_a_deny_is_obeyed_some_time_later(world, narrow):
    iam = world.client('iam')
    statement = {'Effect': 'Deny', 'Action': 'kms:*', 'Resource': '*'}
    call(iam, 'PutUserPolicy', {'UserName': USER, 'PolicyName': 'may-not', 'PolicyDocument': json.dumps({'Version': '2012-10-17', 'Statement': statement})})
    try:
        error = world.until(lambda: refusal(narrow['kms'], 'DescribeCustomKeyStores'), minutes=5, every=2)
        assert 'with an explicit deny in an identity-based policy' in error.response['Error']['Message']
    finally:
        call(iam, 'DeleteUserPolicy', {'UserName': USER, 'PolicyName': 'may-not'})
