"""Every error that the models document, of every operation, as clients see it."""

import pytest

from calling import call, code_of, refusal
from conftest import operations_of, service_document, service_model
from model_cases import valid_input


def documented() -> list:
    return [
        (service, operation, shape.name)
        for service in ('cloudhsmv2', 'kms')
        for operation in operations_of(service)
        for shape in service_model(service).operation_model(operation).error_shapes
    ]


def status_of(service: str, error: str) -> int:
    # Botocore's shapes do not tell whose fault an error is; the file they are made from does.
    return 500 if service_document(service)['shapes'][error].get('fault') else 400


@pytest.mark.parametrize(('service', 'operation', 'error'), documented())
def test_a_documented_error_reaches_the_client_under_its_name(world, clients, service, operation, error):
    world.ask_for(service, operation, error, status_of(service, error))

    found = refusal(clients[service], operation, valid_input(service_model(service).operation_model(operation).input_shape))

    assert isinstance(found, getattr(clients[service].exceptions, error))
    assert found.response['ResponseMetadata']['HTTPStatusCode'] == status_of(service, error)
    members = service_model(service).shape_for(error).members
    assert next((found.response[name] for name in members if name.lower() == 'message'), found.response['Error']['Message'])


UNKNOWN = {
    'ModifyCluster': {'ClusterId': 'cluster-aaaaaaaaaaa', 'BackupRetentionPolicy': {'Type': 'DAYS', 'Value': '9'}},
    'InitializeCluster': {'ClusterId': 'cluster-aaaaaaaaaaa', 'SignedCert': 'a', 'TrustAnchor': 'a'},
    'DeleteCluster': {'ClusterId': 'cluster-aaaaaaaaaaa'},
    'CreateHsm': {'ClusterId': 'cluster-aaaaaaaaaaa', 'AvailabilityZone': 'us-east-1b'},
    'DeleteHsm': {'ClusterId': 'cluster-aaaaaaaaaaa', 'HsmId': 'hsm-aaaaaaaaaaa'},
    'DeleteBackup': {'BackupId': 'backup-aaaaaaaaaaa'},
    'RestoreBackup': {'BackupId': 'backup-aaaaaaaaaaa'},
    'ModifyBackupAttributes': {'BackupId': 'backup-aaaaaaaaaaa', 'NeverExpires': True},
    'CopyBackupToRegion': {'BackupId': 'backup-aaaaaaaaaaa', 'DestinationRegion': 'eu-west-1'},
    'TagResource': {'ResourceId': 'cluster-aaaaaaaaaaa', 'TagList': [{'Key': 'a', 'Value': 'b'}]},
    'UntagResource': {'ResourceId': 'backup-aaaaaaaaaaa', 'TagKeyList': ['a']},
    'ListTags': {'ResourceId': 'cluster-aaaaaaaaaaa'},
}


@pytest.mark.parametrize('operation', sorted(UNKNOWN))
def test_what_is_not_there_is_not_found(clients, operation):
    assert code_of(refusal(clients['cloudhsmv2'], operation, UNKNOWN[operation])) == 'CloudHsmResourceNotFoundException'


@pytest.mark.parametrize('operation', ['ConnectCustomKeyStore', 'DeleteCustomKeyStore', 'DisconnectCustomKeyStore', 'DescribeCustomKeyStores'])
def test_a_key_store_that_is_not_there_is_not_found(clients, operation):
    assert code_of(refusal(clients['kms'], operation, {'CustomKeyStoreId': 'cks-1234567890abcdef0'})) == 'CustomKeyStoreNotFoundException'


def test_filters_for_what_is_not_there_find_nothing(clients):
    for operation, filters in (('DescribeClusters', {'clusterIds': ['cluster-aaaaaaaaaaa']}), ('DescribeBackups', {'backupIds': ['backup-aaaaaaaaaaa']})):
        answer = call(clients['cloudhsmv2'], operation, {'Filters': filters})
        assert answer.get('Clusters', answer.get('Backups')) == []


@pytest.mark.parametrize(('operation', 'given'), [('DescribeClusters', {'Filters': {'colour': ['red']}}), ('DescribeBackups', {'NextToken': 'nonsense'}),
                                                  ('ModifyCluster', {'ClusterId': 'cluster-aaaaaaaaaaa'})])
def test_what_makes_no_sense_is_refused(clients, operation, given):
    assert code_of(refusal(clients['cloudhsmv2'], operation, given)) in ('CloudHsmInvalidRequestException', 'CloudHsmResourceNotFoundException')
