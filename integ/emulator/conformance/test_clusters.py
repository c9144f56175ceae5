"""The life of a cluster: each state on the way, which fields it shows, and which calls it takes. In order: each test goes on from the one before."""

import pytest

from calling import call, code_of, refusal

INVALID, NOT_FOUND = 'CloudHsmInvalidRequestException', 'CloudHsmResourceNotFoundException'


def attempts(life) -> dict:
    """Calls that a state may refuse, and that change nothing when it does."""
    some = {'ClusterId': life.cluster_id}
    return {
        'CreateHsm': {**some, 'AvailabilityZone': life.place.zones[1]},
        'InitializeCluster': {**some, 'SignedCert': life.authority.anchor, 'TrustAnchor': life.authority.anchor},
        'DeleteCluster': some,
    }


def refused(life, *operations: str) -> None:
    for operation in operations:
        assert code_of(refusal(life.hsm, operation, attempts(life)[operation])) == INVALID, operation


@pytest.mark.parametrize(('title', 'change'), [
    ('an HSM type that is no longer sold', {'HsmType': 'hsm1.medium'}), ('a retention below the least', {'BackupRetentionPolicy': {'Type': 'DAYS', 'Value': '6'}}),
    ('a retention above the most', {'BackupRetentionPolicy': {'Type': 'DAYS', 'Value': '380'}}), ('a subnet that is not there', {'SubnetIds': ['subnet-0123456789abcdef0']}),
    ('dual stack without IPv6', {'NetworkType': 'DUALSTACK'}),
])
def test_no_cluster_is_made_of(life, title, change):
    given = {'HsmType': 'hsm2m.medium', 'Mode': 'FIPS', 'SubnetIds': life.place.subnets, **change}
    assert code_of(refusal(life.hsm, 'CreateCluster', given)) == INVALID


def test_a_cluster_has_one_subnet_in_a_zone(life):
    subnets = [life.place.subnets[0], life.place.second_in_zone]
    assert code_of(refusal(life.hsm, 'CreateCluster', {'HsmType': 'hsm2m.medium', 'Mode': 'FIPS', 'SubnetIds': subnets})) == INVALID


def test_a_new_cluster_has_no_group_no_hsm_and_no_certificates(life):
    cluster = life.reach('CREATE_IN_PROGRESS')

    for shown in (life.answers['CreateCluster'], cluster):
        assert shown['State'] == 'CREATE_IN_PROGRESS' and shown['Hsms'] == [] and not shown.get('Certificates') and 'SecurityGroup' not in shown
        assert set(shown['SubnetMapping'].values()) == set(life.place.subnets) and shown['VpcId'] == life.place.vpc
        assert (shown['BackupPolicy'], shown['BackupRetentionPolicy']) == ('DEFAULT', {'Type': 'DAYS', 'Value': '90'})
        assert shown['TagList'] == [{'Key': 'suite', 'Value': 'conformance'}] and shown['Mode'] == 'FIPS' and shown['NetworkType'] == 'IPV4'
    refused(life, 'CreateHsm', 'InitializeCluster', 'DeleteCluster')


def test_it_becomes_uninitialized_with_a_group_but_no_request_yet(life):
    cluster = life.reach('UNINITIALIZED')

    assert cluster['SecurityGroup'].startswith('sg-') and not cluster.get('Certificates')
    refused(life, 'InitializeCluster')
    assert code_of(refusal(life.hsm, 'CreateHsm', {'ClusterId': life.cluster_id, 'AvailabilityZone': 'us-east-1z'})) == INVALID
    assert code_of(refusal(life.hsm, 'DeleteHsm', {'ClusterId': life.cluster_id, 'HsmId': 'hsm-aaaaaaaaaaa'})) == NOT_FOUND


def test_the_groups_rules_are_from_and_to_itself(world, life):
    group = life.reach('UNINITIALIZED')['SecurityGroup']
    found = world.client('ec2', life.place.region).describe_security_groups(GroupIds=[group])['SecurityGroups'][0]

    for rules in (found['IpPermissions'], found['IpPermissionsEgress']):
        assert [(rule['FromPort'], rule['ToPort'], [pair['GroupId'] for pair in rule['UserIdGroupPairs']]) for rule in rules] == [(2223, 2225, [group])]


def test_the_first_hsm_brings_the_request_and_four_certificates(life):
    cluster = life.reach('WITH_FIRST_HSM')

    assert 'EniId' not in life.answers['CreateHsm'] and life.answers['CreateHsm']['State'] == 'CREATE_IN_PROGRESS'
    (hsm,) = cluster['Hsms']
    assert hsm['State'] == 'ACTIVE' and hsm['EniId'].startswith('eni-') and hsm['EniIp'].startswith('10.77.') and hsm['HsmType'] == 'hsm2m.medium'
    assert set(cluster['Certificates']) == {'ClusterCsr', 'HsmCertificate', 'AwsHardwareCertificate', 'ManufacturerHardwareCertificate'}
    assert ('UNINITIALIZED', ('CREATE_IN_PROGRESS',)) in life.seen
    refused(life, 'CreateHsm', 'DeleteCluster')


def test_the_request_and_the_certificates_belong_together(life):
    from cryptography import x509
    shown = life.reach('WITH_FIRST_HSM')['Certificates']
    request = x509.load_pem_x509_csr(shown['ClusterCsr'].encode())
    hsm, aws, maker = (x509.load_pem_x509_certificate(shown[name].encode()) for name in ('HsmCertificate', 'AwsHardwareCertificate', 'ManufacturerHardwareCertificate'))

    assert request.is_signature_valid and request.public_key().key_size == 2048
    assert len(next(iter(request.subject.rdns))) == 5 and ', for FIPS mode' in str(request.subject.rdns[1].rfc4514_string().replace('\\', ''))
    assert hsm.public_key() == request.public_key()
    hsm.verify_directly_issued_by(aws)
    hsm.verify_directly_issued_by(maker)
    assert aws.issuer != maker.issuer and aws.public_key() == maker.public_key()


def test_certificates_that_do_not_fit_are_refused(life):
    csr = life.reach('WITH_FIRST_HSM')['Certificates']['ClusterCsr']
    anchor, own = life.authority.anchor, life.authority.sign(csr)
    for signed, root in ((anchor, own), (life.authority.sign_key(csr), anchor), ('nonsense', anchor), (own, 'nonsense'), (own, own)):
        assert code_of(refusal(life.hsm, 'InitializeCluster', {'ClusterId': life.cluster_id, 'SignedCert': signed, 'TrustAnchor': root})) == INVALID


def test_initialization_takes_the_certificate_once(life):
    cluster = life.reach('INITIALIZE_IN_PROGRESS')

    answer = life.answers['InitializeCluster']
    assert (answer['State'], cluster['State']) == ('INITIALIZE_IN_PROGRESS', 'INITIALIZE_IN_PROGRESS')
    assert 'State will change to INITIALIZED' in answer['StateMessage']
    refused(life, 'CreateHsm', 'InitializeCluster', 'DeleteCluster')
    assert code_of(refusal(life.hsm, 'DeleteHsm', {'ClusterId': life.cluster_id, 'HsmId': cluster['Hsms'][0]['HsmId']})) == INVALID


def test_an_initialized_cluster_shows_the_certificate_and_takes_no_second_hsm(life):
    cluster = life.reach('INITIALIZED')

    assert cluster['State'] == 'INITIALIZED' and cluster['Certificates'] == {'ClusterCertificate': life.signed}
    error = refusal(life.hsm, 'CreateHsm', attempts(life)['CreateHsm'])
    assert error.response['Error']['Message'] == f"Cluster '{life.cluster_id}' already contains an HSM but has not yet been fully activated"
    refused(life, 'InitializeCluster')
    assert life.backups() == []


def test_activation_is_noticed_late(life):
    cluster = life.reach('ACTIVATED')

    assert life.answers['activate'] == {'error_code': 0, 'data': 'Cluster activation successful'}
    assert cluster['State'] == 'INITIALIZED'
    refused(life, 'CreateHsm')


def test_an_active_cluster_has_a_backup_and_takes_hsms(life):
    assert life.reach('ACTIVE')['State'] == 'ACTIVE'
    assert [backup['BackupState'] for backup in life.backups()] == ['CREATE_IN_PROGRESS']
    refused(life, 'InitializeCluster', 'DeleteCluster')

    life.reach('WITH_SECOND_HSM')
    assert len(life.backups()) == 2 and ('ACTIVE', ('ACTIVE', 'CREATE_IN_PROGRESS')) in life.seen
    users = life.command_line('user', 'list')['data']['users']
    assert {(user['username'], user['role'], user['cluster-coverage']) for user in users} == {('admin', 'admin', 'full'), ('app_user', 'internal(APPLIANCE_USER)', 'full')}


def test_an_address_in_use_and_a_zone_without_hsms_are_refused(life):
    cluster = life.reach('WITH_SECOND_HSM')
    taken = cluster['Hsms'][0]
    given = {'ClusterId': life.cluster_id, 'AvailabilityZone': taken['AvailabilityZone'], 'IpAddress': taken['EniIp']}
    assert code_of(refusal(life.hsm, 'CreateHsm', given)) == INVALID
    for selectors in ({}, {'EniIp': '10.77.250.250'}, {'EniId': 'eni-0123456789abcdef0'}):
        assert code_of(refusal(life.hsm, 'DeleteHsm', {'ClusterId': life.cluster_id, **selectors})) in (INVALID, NOT_FOUND)


def test_retention_changes_in_place(life):
    life.reach('WITH_SECOND_HSM')
    answer = call(life.hsm, 'ModifyCluster', {'ClusterId': life.cluster_id, 'BackupRetentionPolicy': {'Type': 'DAYS', 'Value': '30'}})
    assert (answer['Cluster']['State'], life.cluster()['BackupRetentionPolicy']['Value']) == ('ACTIVE', '30')
    call(life.hsm, 'ModifyCluster', {'ClusterId': life.cluster_id, 'BackupRetentionPolicy': {'Type': 'DAYS', 'Value': '90'}})
    for nothing in ({}, {'HsmType': 'hsm1.medium'}, {'HsmType': 'hsm9.large'}):
        assert code_of(refusal(life.hsm, 'ModifyCluster', {'ClusterId': life.cluster_id, **nothing})) == INVALID


def test_an_hsm_leaves_late_and_the_cluster_stays(life):
    hsm = life.reach('WITH_SECOND_HSM')['Hsms'][1]
    before = len(life.backups())

    assert call(life.hsm, 'DeleteHsm', {'ClusterId': life.cluster_id, 'EniId': hsm['EniId']})['HsmId'] == hsm['HsmId']
    assert life.hsm_state(hsm['HsmId']) == 'DELETE_IN_PROGRESS' and len(life.backups()) == before + 1
    assert code_of(refusal(life.hsm, 'DeleteHsm', {'ClusterId': life.cluster_id, 'HsmId': hsm['HsmId']})) == INVALID
    life.world.until(lambda: life.hsm_state(hsm['HsmId']) is None)
    assert life.cluster()['State'] == 'ACTIVE'
    life.add_hsm(hsm['AvailabilityZone'])


def test_clusters_elsewhere_are_not_shown(world, life):
    life.reach('UNINITIALIZED')
    assert call(world.client('cloudhsmv2', world.regions[1]), 'DescribeClusters')['Clusters'] == []
    for filters, count in (({'vpcIds': [life.place.vpc]}, 1), ({'states': ['DELETED']}, 0), ({'clusterIds': [life.cluster_id], 'states': ['ACTIVE']}, 1)):
        assert len(call(life.hsm, 'DescribeClusters', {'Filters': filters})['Clusters']) == count
