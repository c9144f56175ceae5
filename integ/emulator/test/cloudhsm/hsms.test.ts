import { Lab, labAt } from './lab';

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.stop());

/** Goes on with a cluster that has come so far. */
async function at(stage: Parameters<typeof labAt>[0]): Promise<string> {
  lab.stop();
  const prepared = await labAt(stage);
  lab = prepared.lab;
  return prepared.clusterId;
}

describe('CreateHsm', () => {
  test('answers without address and interface', async () => {
    const clusterId = await lab.uninitialized();

    expect(lab.hsm2('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1b' })).toEqual({
      Hsm: {
        AvailabilityZone: 'us-east-1b',
        ClusterId: clusterId,
        SubnetId: 'subnet-0000000b',
        HsmId: expect.stringMatching(/^hsm-[2-7a-z]{11}$/) as string,
        HsmType: 'hsm2m.medium',
        State: 'CREATE_IN_PROGRESS',
      },
    });
  });

  test('takes a zone without CloudHSM into a cluster, but puts no HSM there', async () => {
    const clusterId = await lab.uninitialized({ SubnetIds: ['subnet-0000000a', 'subnet-0000000b'] });

    expect(lab.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1a' })).toMatch(/^CloudHsmInvalidRequestException: .*us-east-1a/);
    expect(lab.addHsm(clusterId, 'us-east-1b')).toMatch(/^hsm-/);
  });

  test.each([
    ['a zone without a subnet of the cluster', { AvailabilityZone: 'us-east-1d' }, /^CloudHsmInvalidRequestException: .*us-east-1d/],
    ['an address in use', { AvailabilityZone: 'us-east-1c', IpAddress: '10.0.0.250' }, /^CloudHsmInvalidRequestException: Address is in use/],
  ])('refuses %s', async (_title, input, expected) => {
    const clusterId = await at('active');
    lab.addHsm(clusterId, 'us-east-1b', { IpAddress: '10.0.0.250' });

    expect(lab.refused('CreateHsm', { ClusterId: clusterId, ...input })).toMatch(expected);
    expect(lab.cluster(clusterId).Hsms).toHaveLength(2);
  });

  test('stops at six HSMs in a region, counting those on their way out', async () => {
    const clusterId = await at('active');
    const more = Array.from({ length: 5 }, (_, index) => lab.addHsm(clusterId, index % 2 ? 'us-east-1b' : 'us-east-1c'));

    expect(lab.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1b' })).toMatch(/^CloudHsmInvalidRequestException: .*6 HSMs/);
    await lab.hsmReaches(clusterId, more[0], 'ACTIVE');
    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId: more[0] });
    expect(lab.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1b' })).toMatch(/6 HSMs/);
  });

  test('stops at 28 HSMs in a cluster', async () => {
    const large = new Lab({ rows: { 'cloudhsmv2/quota-hsms': 100, 'cloudhsmv2/quota-hsms-per-cluster': 3 } });
    const clusterId = await large.active();
    large.addHsm(clusterId);
    large.addHsm(clusterId);

    expect(large.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1b' })).toMatch(/3 HSMs in a cluster/);
    large.stop();
  });

  test('fails as denied when the caller may not make an interface', async () => {
    const clusterId = await lab.uninitialized();
    lab.kernel.faults.add({ service: 'ec2', operation: 'deny-CreateNetworkInterface', kind: 'error' });

    expect(lab.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1b' })).toMatch(/^CloudHsmAccessDeniedException: /);
    expect(lab.cluster(clusterId).Hsms).toEqual([]);
  });

  test('gives an HSM of a dual-stack cluster both addresses', async () => {
    const clusterId = await lab.uninitialized({ SubnetIds: ['subnet-0000000f'], NetworkType: 'DUALSTACK' });
    const hsmId = lab.addHsm(clusterId, 'us-east-1f');
    await lab.hsmReaches(clusterId, hsmId, 'ACTIVE');

    expect(lab.hsm(clusterId, hsmId)).toMatchObject({ EniIpV6: 'fd00::5' });
  });
});

describe('faults', () => {
  test('hsm-created never: the HSM stays in creation for ever', async () => {
    const clusterId = await lab.uninitialized();
    lab.kernel.faults.add({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'never' });
    const hsmId = lab.addHsm(clusterId);
    await lab.days(3);

    expect(lab.hsm(clusterId, hsmId)?.State).toBe('CREATE_IN_PROGRESS');
    expect(lab.refused('DeleteHsm', { ClusterId: clusterId, HsmId: hsmId })).toMatch(/^CloudHsmInvalidRequestException: .*CREATE_IN_PROGRESS/);
  });

  test('hsm-created late: the HSM comes so much after its time', async () => {
    const clusterId = await lab.uninitialized();
    lab.kernel.faults.add({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'late', params: { seconds: 7200 } });
    const hsmId = lab.addHsm(clusterId);
    await lab.advance(7_200_000);
    expect(lab.hsm(clusterId, hsmId)?.State).toBe('CREATE_IN_PROGRESS');

    await lab.advance(1_800_000);

    expect(lab.hsm(clusterId, hsmId)?.State).toBe('ACTIVE');
  });

  test('hsm-visible lag: the list does not know a new HSM for a while, the quotas do', async () => {
    const clusterId = await lab.uninitialized();
    lab.kernel.faults.add({ service: 'cloudhsmv2', operation: 'hsm-visible', kind: 'lag', params: { seconds: 45 } });
    lab.addHsm(clusterId);

    expect(lab.cluster(clusterId).Hsms).toEqual([]);
    expect(lab.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1c' })).toMatch(/already contains an HSM/);
    await lab.advance(44_999);
    expect(lab.cluster(clusterId).Hsms).toEqual([]);
    await lab.advance(1);
    expect(lab.cluster(clusterId).Hsms).toHaveLength(1);
  });

  test('hsm-created degraded: the service replaces it on the same interface, and the cluster recovers', async () => {
    const clusterId = await at('active');
    lab.kernel.faults.add({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'degraded', params: { replaceSeconds: 30 } });
    const failed = lab.addHsm(clusterId, 'us-east-1c', { IpAddress: '10.0.0.99' });
    await lab.hsmReaches(clusterId, failed, 'DEGRADED');
    expect(lab.cluster(clusterId).State).toBe('DEGRADED');
    await lab.advance(30_000);
    const replacement = lab.cluster(clusterId).Hsms[1].HsmId;
    expect(replacement).not.toBe(failed);

    await lab.hsmReaches(clusterId, replacement, 'ACTIVE');

    expect(lab.hsm(clusterId, replacement)).toMatchObject({ EniIp: '10.0.0.99' });
    expect(lab.cluster(clusterId).State).toBe('ACTIVE');
    expect(lab.context('ec2').table('fake/enis').size()).toBe(2);
  });

  test('EmulatedReplaceHsm: an active HSM fails and gets another id on the same interface, with its users', async () => {
    const clusterId = await at('active');
    const second = lab.addHsm(clusterId, 'us-east-1c');
    await lab.hsmReaches(clusterId, second, 'ACTIVE');
    const before = lab.hsm(clusterId, second)!;

    lab.call('cloudhsm-hsm', 'EmulatedReplaceHsm', { hsmId: second });
    await lab.hsmReaches(clusterId, second, 'DEGRADED');
    await lab.reaches(clusterId, 'ACTIVE');

    const after = lab.cluster(clusterId).Hsms[1];
    expect(after).toMatchObject({ EniId: before.EniId, EniIp: before.EniIp, State: 'ACTIVE' });
    expect(after.HsmId).not.toBe(second);
    expect(lab.users(clusterId, { addresses: [after.EniIp!] })[0]).toMatchObject({ 'username': 'admin', 'role': 'admin', 'cluster-coverage': 'full' });
  });
});

describe('DeleteHsm', () => {
  test('leaves the list some 120 s after the HSM is gone, and its interface goes with the HSM', async () => {
    const clusterId = await at('withFirstHsm');
    const [{ EniId }] = lab.cluster(clusterId).Hsms;
    const start = lab.seconds;

    lab.hsm2('DeleteHsm', { ClusterId: clusterId, EniId });
    await lab.until(() => lab.context('ec2').table('fake/enis').size() === 0);
    const gone = lab.seconds;
    expect(lab.cluster(clusterId).Hsms).toMatchObject([{ State: 'DELETE_IN_PROGRESS' }]);
    expect(lab.refused('DeleteCluster', { ClusterId: clusterId })).toMatch(/^CloudHsmInvalidRequestException: /);
    await lab.until(() => lab.cluster(clusterId).Hsms[0]?.State !== 'DELETE_IN_PROGRESS');
    expect(lab.seconds - gone).toBe(120);
    expect(lab.seconds - start).toBeGreaterThanOrEqual(600);
    await lab.until(() => lab.cluster(clusterId).Hsms.length === 0, 60);
    expect(lab.cluster(clusterId)).toMatchObject({ State: 'UNINITIALIZED', Certificates: {} });
  });

  test.each([
    ['no selector', {}, /^CloudHsmInvalidRequestException: /],
    ['two selectors', { HsmId: 'hsm-aaaaaaaaaaa', EniIp: '10.0.0.1' }, /^CloudHsmInvalidRequestException: /],
    ['an unknown HSM', { HsmId: 'hsm-aaaaaaaaaaa' }, /^CloudHsmResourceNotFoundException: /],
    ['an unknown interface', { EniId: 'eni-0123456789abcdef0' }, /^CloudHsmResourceNotFoundException: /],
  ])('refuses %s', async (_title, selectors, expected) => {
    const clusterId = await at('withFirstHsm');

    expect(lab.refused('DeleteHsm', { ClusterId: clusterId, ...selectors })).toMatch(expected);
    expect(lab.cluster(clusterId).Hsms).toMatchObject([{ State: 'ACTIVE' }]);
  });

  test('is refused for an HSM that is being deleted already', async () => {
    const clusterId = await at('withFirstHsm');
    const [{ HsmId }] = lab.cluster(clusterId).Hsms;
    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });

    expect(lab.refused('DeleteHsm', { ClusterId: clusterId, HsmId })).toMatch(/^CloudHsmInvalidRequestException: .*DELETE_IN_PROGRESS/);
  });

  test('of the last HSM leaves the cluster ACTIVE, and a later HSM brings the users back', async () => {
    const clusterId = await at('active');
    const [{ HsmId }] = lab.cluster(clusterId).Hsms;
    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });
    await lab.until(() => lab.cluster(clusterId).Hsms.length === 0);
    expect(lab.cluster(clusterId).State).toBe('ACTIVE');

    await lab.hsmReaches(clusterId, lab.addHsm(clusterId), 'ACTIVE');

    expect(lab.users(clusterId)[0]).toMatchObject({ username: 'admin', role: 'admin' });
  });

  test('before activation makes no backup', async () => {
    const clusterId = await at('withFirstHsm');
    const [{ HsmId }] = lab.cluster(clusterId).Hsms;

    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });

    expect(lab.backups(clusterId)).toEqual([]);
  });
});

describe('audit logs', () => {
  test('one stream per HSM, begun as the documents show', async () => {
    const clusterId = await at('active');
    const [{ HsmId }] = lab.cluster(clusterId).Hsms;

    const events = lab.context('logs').table<string[]>('fake/log-streams').get(`/aws/cloudhsm/${clusterId}|${HsmId}`)!;
    expect(events.map((event) => /Opcode : (\S+)/.exec(event)![1]))
      .toEqual(['CN_INIT_TOKEN', 'CN_GEN_PSWD_ENC_KEY', 'CN_CREATE_APPLIANCE_USER', 'CN_INIT_DONE', 'CN_CHANGE_PSWD']);
    expect(events.map((event) => /Sequence No : (\S+)/.exec(event)![1])).toEqual(['0x0', '0x1', '0x2', '0x3', '0x4']);
    expect(events[4]).toContain('User Name : admin\nUser Type : CN_CRYPTO_PRE_OFFICER (6)');
  });

  test('go to a group that the user made beforehand', async () => {
    const clusterId = await lab.uninitialized();
    lab.call('logs', 'CreateLogGroup', { logGroupName: `/aws/cloudhsm/${clusterId}` });

    await lab.hsmReaches(clusterId, lab.addHsm(clusterId), 'ACTIVE');

    expect(lab.context('logs').table('fake/log-streams').size()).toBe(1);
  });
});

test('two runs with one seed have the same timeline, though their keys differ', async () => {
  const other = new Lab({ ownKeys: true });
  const [a, b] = [await lab.active(), await other.active()];

  expect(other.timeline()).toEqual(lab.timeline());
  expect(other.cluster(b).Certificates).not.toEqual(lab.cluster(a).Certificates);
  other.stop();
});

test('another seed draws other ids and delays', async () => {
  const other = new Lab({ seed: 2 });
  const [a, b] = [await lab.uninitialized(), await other.uninitialized()];

  expect(a).not.toBe(b);
  expect(other.kernel.now).not.toBe(lab.kernel.now);
  other.stop();
});

test('every wait of the service is on the list from which a critical path is computed', async () => {
  const clusterId = await at('active');
  const [{ HsmId }] = lab.cluster(clusterId).Hsms;
  lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });

  const all = lab.kernel.timeline.serviceTimes();
  // A script's commands are on it too, under the name of the script.
  const times = all.filter(({ what }) => !what.startsWith('command of '));
  expect(all.length).toBeGreaterThan(times.length);
  expect(times.map(({ what }) => what)).toEqual(['create-cluster', 'create-first-hsm', 'initialize', 'activation-lag', 'delete-hsm']);
  expect(new Set(times.map(({ resource }) => resource))).toEqual(new Set([clusterId]));
  // Each begins where the one before ends: nothing else took time.
  expect(times.slice(1).map(({ from }) => from)).toEqual(times.slice(0, -1).map(({ to }) => to));
});
