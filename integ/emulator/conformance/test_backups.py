"""Backups: their states, the window in which they come back, copies, shares, and clusters made from them."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from calling import call, code_of, refusal

INVALID = 'CloudHsmInvalidRequestException'
DAY = 86_400
OTHER_ACCOUNT = '999999999999'


@pytest.fixture(scope='module')
def ready(life) -> list:
    """Backups that can be used, newest first."""
    life.reach('WITH_SECOND_HSM')
    life.world.until(lambda: all(backup['BackupState'] != 'CREATE_IN_PROGRESS' for backup in life.backups()))
    return [backup for backup in life.backups() if backup['BackupState'] == 'READY']


def state_of(life, backup_id: str) -> dict:
    found = life.hsm.describe_backups(Filters={'backupIds': [backup_id]})['Backups']
    return found[0] if found else {'BackupState': 'DELETED'}


def test_a_backup_that_is_being_made_can_be_used_for_nothing(life):
    life.reach('WITH_SECOND_HSM')
    zone = life.place.zones[1]
    made = call(life.hsm, 'CreateHsm', {'ClusterId': life.cluster_id, 'AvailabilityZone': zone})['Hsm']
    young = life.backups()[0]

    assert young['BackupState'] == 'CREATE_IN_PROGRESS' and young['ClusterId'] == life.cluster_id and young['NeverExpires'] is False
    for operation, more in (('DeleteBackup', {}), ('RestoreBackup', {}), ('ModifyBackupAttributes', {'NeverExpires': True}), ('CopyBackupToRegion', {'DestinationRegion': 'eu-west-1'})):
        assert code_of(refusal(life.hsm, operation, {'BackupId': young['BackupId'], **more})) == INVALID, operation
    life.world.until(lambda: life.hsm_state(made['HsmId']) == 'ACTIVE')
    call(life.hsm, 'DeleteHsm', {'ClusterId': life.cluster_id, 'HsmId': made['HsmId']})
    life.world.until(lambda: life.hsm_state(made['HsmId']) is None)


def test_backups_are_listed_newest_first_and_filtered(life, ready):
    listed = life.backups()
    times = [backup['CreateTimestamp'] for backup in listed]
    assert times == sorted(times, reverse=True)
    ascending = life.hsm.describe_backups(Filters={'clusterIds': [life.cluster_id]}, SortAscending=True)['Backups']
    assert [backup['BackupId'] for backup in ascending] == [backup['BackupId'] for backup in reversed(listed)]
    for filters in ({'states': ['READY']}, {'backupIds': [ready[0]['BackupId']]}, {'neverExpires': ['False']}):
        assert ready[0]['BackupId'] in [backup['BackupId'] for backup in life.hsm.describe_backups(Filters=filters)['Backups']]
    assert life.hsm.describe_backups(Filters={'neverExpires': ['True']})['Backups'] == []


def test_a_deleted_backup_waits_seven_days_and_can_come_back(life, ready):
    backup = ready[-1]['BackupId']

    pending = call(life.hsm, 'DeleteBackup', {'BackupId': backup})['Backup']
    assert pending['BackupState'] == 'PENDING_DELETION'
    assert abs(pending['DeleteTimestamp'] - datetime.now(timezone.utc) - timedelta(days=7)) < timedelta(minutes=5)
    assert code_of(refusal(life.hsm, 'DeleteBackup', {'BackupId': backup})) == INVALID
    assert code_of(refusal(life.hsm, 'CreateCluster', {'HsmType': 'hsm2m.medium', 'SubnetIds': life.place.subnets, 'SourceBackupId': backup, 'Mode': 'FIPS'})) == INVALID

    restored = call(life.hsm, 'RestoreBackup', {'BackupId': backup})['Backup']
    assert restored['BackupState'] == 'READY' and 'DeleteTimestamp' not in restored
    assert code_of(refusal(life.hsm, 'RestoreBackup', {'BackupId': backup})) == INVALID


def test_a_backup_may_never_expire(life, ready):
    changed = call(life.hsm, 'ModifyBackupAttributes', {'BackupId': ready[0]['BackupId'], 'NeverExpires': True})['Backup']
    assert changed['NeverExpires'] is True
    assert [backup['BackupId'] for backup in life.hsm.describe_backups(Filters={'neverExpires': ['True']})['Backups']] == [ready[0]['BackupId']]
    call(life.hsm, 'ModifyBackupAttributes', {'BackupId': ready[0]['BackupId'], 'NeverExpires': False})


def test_a_copy_is_found_in_the_other_region_by_its_source(world, life, ready):
    source, there = ready[0], world.client('cloudhsmv2', world.regions[2])
    answer = call(life.hsm, 'CopyBackupToRegion', {'BackupId': source['BackupId'], 'DestinationRegion': world.regions[2]})['DestinationBackup']

    assert answer == {**answer, 'SourceBackup': source['BackupId'], 'SourceCluster': life.cluster_id, 'SourceRegion': life.place.region}
    assert 'BackupId' not in answer

    def copies():
        return there.describe_backups(Filters={'sourceBackupIds': [source['BackupId']]})['Backups']
    assert [copy['BackupState'] for copy in copies()] == ['CREATE_IN_PROGRESS']
    world.until(lambda: copies()[0]['BackupState'] == 'READY')
    (copy,), original = copies(), state_of(life, source['BackupId'])
    assert copy['BackupArn'].split(':')[3] == world.regions[2] and copy['CopyTimestamp'] > copy['CreateTimestamp']
    assert abs(copy['CreateTimestamp'] - original['CreateTimestamp']) < timedelta(minutes=1)


@pytest.mark.parametrize('region', ['us-east-1', 'us-gov-west-1'])
def test_a_copy_to_here_or_to_another_partition_is_refused(life, ready, region):
    assert code_of(refusal(life.hsm, 'CopyBackupToRegion', {'BackupId': ready[0]['BackupId'], 'DestinationRegion': region})) == INVALID


def test_a_policy_is_put_read_and_taken_away(life, ready):
    arn = ready[0]['BackupArn']
    statement = {'Effect': 'Allow', 'Principal': {'AWS': OTHER_ACCOUNT}, 'Action': ['cloudhsm:CreateCluster', 'cloudhsm:DescribeBackups'], 'Resource': arn}
    policy = json.dumps({'Version': '2012-10-17', 'Statement': [statement]})

    assert call(life.hsm, 'PutResourcePolicy', {'ResourceArn': arn, 'Policy': policy})['Policy'] == policy
    assert call(life.hsm, 'GetResourcePolicy', {'ResourceArn': arn})['Policy'] == policy
    assert life.hsm.describe_backups(Shared=True)['Backups'] == []
    assert call(life.hsm, 'DeleteResourcePolicy', {'ResourceArn': arn})['Policy'] == policy
    assert 'Policy' not in call(life.hsm, 'GetResourcePolicy', {'ResourceArn': arn})


def test_policies_are_for_backups_that_are_there(life, ready):
    account = ready[0]['BackupArn'].split(':')[4]
    cluster = f'arn:aws:cloudhsm:{life.place.region}:{account}:cluster/{life.cluster_id}'
    assert code_of(refusal(life.hsm, 'PutResourcePolicy', {'ResourceArn': cluster, 'Policy': '{}'})) == INVALID
    assert code_of(refusal(life.hsm, 'PutResourcePolicy', {'ResourceArn': ready[0]['BackupArn'], 'Policy': 'no policy'})) == INVALID
    unknown = ready[0]['BackupArn'].rsplit('/', 1)[0] + '/backup-aaaaaaaaaaa'
    for operation in ('GetResourcePolicy', 'DeleteResourcePolicy'):
        assert code_of(refusal(life.hsm, operation, {'ResourceArn': unknown})) == 'CloudHsmResourceNotFoundException'


def test_a_cluster_made_from_a_backup_needs_no_initialization(life, ready):
    source = ready[0]['BackupId']
    assert code_of(refusal(life.hsm, 'CreateCluster', {
        'HsmType': 'hsm2m.medium', 'Mode': 'NON_FIPS', 'SubnetIds': life.place.subnets, 'SourceBackupId': source,
    })) == INVALID

    made = call(life.hsm, 'CreateCluster', {'HsmType': 'hsm2m.medium', 'Mode': 'FIPS', 'SubnetIds': life.place.subnets, 'SourceBackupId': source})['Cluster']
    assert made['SourceBackupId'] == source and made['Certificates'] == {'ClusterCertificate': life.signed}
    seen = []

    def active():
        state = life.hsm.describe_clusters(Filters={'clusterIds': [made['ClusterId']]})['Clusters'][0]['State']
        seen.append(state)
        return state == 'ACTIVE'
    life.world.until(active)
    assert set(seen) == {'CREATE_IN_PROGRESS', 'ACTIVE'}

    deleted = call(life.hsm, 'DeleteCluster', {'ClusterId': made['ClusterId']})['Cluster']
    assert (deleted['State'], deleted['StateMessage']) == ('DELETE_IN_PROGRESS', 'The cluster is being deleted.')
    shown = life.world.until(lambda: [
        cluster['State'] for cluster in life.hsm.describe_clusters(Filters={'clusterIds': [made['ClusterId']]})['Clusters']
    ] != ['DELETE_IN_PROGRESS'])
    assert shown and code_of(refusal(life.hsm, 'DeleteCluster', {'ClusterId': made['ClusterId']})) == 'CloudHsmResourceNotFoundException'
