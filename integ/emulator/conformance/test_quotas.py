"""Quotas of an account in a region, in one that the rest of the suite leaves alone."""

import pytest

from calling import call, code_of, refusal
from place import Place

CLUSTERS = 4


@pytest.fixture(scope='module')
def elsewhere(world):
    return Place(world, world.regions[1])


def test_the_fifth_cluster_is_refused_and_clusters_come_in_pages(world, elsewhere):
    hsm = world.client('cloudhsmv2', elsewhere.region)
    given = {'HsmType': 'hsm2m.medium', 'Mode': 'FIPS', 'SubnetIds': elsewhere.subnets}
    made = [call(hsm, 'CreateCluster', given)['Cluster']['ClusterId'] for _ in range(CLUSTERS)]
    assert code_of(refusal(hsm, 'CreateCluster', given)) == 'CloudHsmInvalidRequestException'

    listed, token = [], {}
    while True:
        page = call(hsm, 'DescribeClusters', {'MaxResults': 3, **token})
        assert len(page['Clusters']) <= 3
        listed += [cluster['ClusterId'] for cluster in page['Clusters']]
        if not page.get('NextToken'):
            break
        token = {'NextToken': page['NextToken']}
    assert sorted(listed) == sorted(made)

    def states():
        return {cluster['State'] for cluster in call(hsm, 'DescribeClusters')['Clusters']}
    world.until(lambda: states() == {'UNINITIALIZED'})
    for cluster_id in made:
        call(hsm, 'DeleteCluster', {'ClusterId': cluster_id})
    world.until(lambda: states() <= {'DELETED'})


def test_a_zone_without_hsms_is_found_out_late(world, life):
    if life.place.without is None:
        pytest.skip('every zone of this account has CloudHSM')
    life.reach('ACTIVE')
    hsm = life.hsm
    cluster = call(hsm, 'CreateCluster', {'HsmType': 'hsm2m.medium', 'Mode': 'FIPS', 'SubnetIds': [life.place.without]})['Cluster']['ClusterId']
    world.until(lambda: hsm.describe_clusters(Filters={'clusterIds': [cluster]})['Clusters'][0]['State'] == 'UNINITIALIZED')

    error = refusal(hsm, 'CreateHsm', {'ClusterId': cluster, 'AvailabilityZone': life.place.zone_without})

    assert code_of(error) == 'CloudHsmInvalidRequestException'
    call(hsm, 'DeleteCluster', {'ClusterId': cluster})


def test_the_seventh_hsm_is_refused(life):
    """Counting those of all clusters here, and those on their way out."""
    cluster = life.reach('WITH_SECOND_HSM')
    made = []
    for _ in range(6 - len(cluster['Hsms'])):
        made.append(call(life.hsm, 'CreateHsm', {'ClusterId': life.cluster_id, 'AvailabilityZone': life.place.zones[0]})['Hsm']['HsmId'])
    assert code_of(refusal(life.hsm, 'CreateHsm', {'ClusterId': life.cluster_id, 'AvailabilityZone': life.place.zones[0]})) == 'CloudHsmInvalidRequestException'
    life.world.until(lambda: all(life.hsm_state(hsm) == 'ACTIVE' for hsm in made))
    for hsm in made:
        call(life.hsm, 'DeleteHsm', {'ClusterId': life.cluster_id, 'HsmId': hsm})
    life.world.until(lambda: len(life.cluster()['Hsms']) == 2)
