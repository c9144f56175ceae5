from calling import call

PASSWORD = 'Password1234'
STAGES = ['CREATE_IN_PROGRESS', 'UNINITIALIZED', 'WITH_FIRST_HSM', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED', 'ACTIVATED', 'ACTIVE', 'WITH_SECOND_HSM']


class Life:
    """A cluster from nothing to two HSMs. `reach` takes it on to a stage and says how it looked on every step of the way."""

    def __init__(self, world, place, machine, authority) -> None:
        self.world, self.place, self.machine, self.authority = world, place, machine, authority
        self.hsm = world.client('cloudhsmv2', place.region)
        self.seen: list = []
        self.answers: dict = {}
        self._stage = -1
        self.cluster_id = ''

    def reach(self, stage: str) -> dict:
        while self._stage < STAGES.index(stage):
            self._stage += 1
            getattr(self, f'_{STAGES[self._stage].lower()}')()
        return self.cluster()

    def is_at(self, stage: str) -> bool:
        return self._stage == STAGES.index(stage)

    def cluster(self) -> dict:
        found = self.hsm.describe_clusters(Filters={'clusterIds': [self.cluster_id]})['Clusters'][0]
        look = (found['State'], tuple(sorted(hsm['State'] for hsm in found['Hsms'])))
        if not self.seen or self.seen[-1] != look:
            self.seen.append(look)
        return found

    def backups(self) -> list:
        return self.hsm.describe_backups(Filters={'clusterIds': [self.cluster_id]})['Backups']

    def add_hsm(self, zone: str) -> dict:
        made = self.hsm.create_hsm(ClusterId=self.cluster_id, AvailabilityZone=zone)['Hsm']
        self.world.until(lambda: self.hsm_state(made['HsmId']) == 'ACTIVE')
        return made

    def hsm_state(self, hsm_id: str) -> str | None:
        return next((hsm['State'] for hsm in self.cluster()['Hsms'] if hsm['HsmId'] == hsm_id), None)

    def command_line(self, *argv: str, **options) -> dict:
        return self.machine.command_line(self.cluster(), self.authority.anchor, list(argv), **options)

    def _until_state(self, state: str) -> None:
        self.world.until(lambda: self.cluster()['State'] == state)

    def _create_in_progress(self) -> None:
        made = call(self.hsm, 'CreateCluster', {
            'HsmType': 'hsm2m.medium', 'Mode': 'FIPS', 'SubnetIds': self.place.subnets, 'TagList': [{'Key': 'suite', 'Value': 'conformance'}],
        })['Cluster']
        self.cluster_id, self.answers['CreateCluster'] = made['ClusterId'], made

    def _uninitialized(self) -> None:
        self._until_state('UNINITIALIZED')

    def _with_first_hsm(self) -> None:
        self.answers['CreateHsm'] = self.add_hsm(self.place.zones[0])
        self.world.until(lambda: self.cluster()['Certificates'].get('ClusterCsr'))

    def _initialize_in_progress(self) -> None:
        self.csr = self.cluster()['Certificates']['ClusterCsr']
        self.signed = self.authority.sign(self.csr)
        self.answers['InitializeCluster'] = call(self.hsm, 'InitializeCluster', {
            'ClusterId': self.cluster_id, 'SignedCert': self.signed, 'TrustAnchor': self.authority.anchor,
        })
        self.cluster()

    def _initialized(self) -> None:
        self._until_state('INITIALIZED')

    def _activated(self) -> None:
        self.answers['activate'] = self.command_line('cluster', 'activate', '--password', PASSWORD)

    def _active(self) -> None:
        self._until_state('ACTIVE')

    def _with_second_hsm(self) -> None:
        self.add_hsm(self.place.zones[1])
