import { reconcile } from '../../../src/handlers/engine/reconcile';
import { placement } from '../../../src/handlers/placement/placement';
import { planPlacement } from '../../../src/handlers/placement/plan';
import type { ObservedPlacement } from '../../../src/handlers/placement/plan';
import { PLACEMENT_TYPE } from '../../../src/lifecycle/placement-contract';
import type { PlacementProperties } from '../../../src/lifecycle/placement-contract';
import { fakeAws } from '../_helpers/aws';
import { A, B, C, cluster, hsm } from '../_helpers/cluster';
import { CLUSTER_ID, newExecution, newRequest, NOW } from '../_helpers/request';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const PROPERTIES = { SubnetIds: ['subnet-a', 'subnet-b'], HsmType: 'hsm2m.medium', Mode: 'FIPS', NetworkType: 'IPV4', HsmCount: '2' };

const subnet = (availabilityZone: string) => ({ availabilityZone, vpcId: 'vpc-1', cidr: '10.0.1.0/24', freeAddresses: 200 });
const OBSERVED: ObservedPlacement = {
  zones: [A, B, C],
  subnets: new Map([['subnet-a', subnet(A)], ['subnet-b', subnet(B)], ['subnet-a2', subnet(A)]]),
  clusters: 0,
  hsms: 0,
  clusterQuota: 4,
  hsmQuota: 6,
};

const plan = (type: 'Create' | 'Update' | 'Delete', properties: Partial<typeof PROPERTIES> = {}, observed: Partial<ObservedPlacement> = {}, physicalId?: string) => {
  const all = { ...PROPERTIES, ...properties };
  const request = newRequest(type, PLACEMENT_TYPE, all, { physicalId });
  return planPlacement(request, all as unknown as PlacementProperties, 'hash', { ...OBSERVED, ...observed });
};

test.each<['Create' | 'Update', string, string]>([['Create', '10.0.1.4', 'done'], ['Create', '10.0.1.3', 'fail'], ['Update', '10.0.1.254', 'done'], ['Update', '10.0.2.10', 'fail']])(
  '%s with an HSM at %s: %s', (type, address, expected) => {
    const properties = { ...PROPERTIES, Addresses: [`subnet-a=10.0.1.10,${address}`] };
    const step = planPlacement(newRequest(type, PLACEMENT_TYPE, properties, { physicalId: 'placement/hash' }), properties as unknown as PlacementProperties, 'hash', OBSERVED);

    expect(step).toMatchObject(expected === 'done' ? { kind: 'done' } : {
      kind: 'fail',
      code: 'AddressOutsideSubnet',
      message: expect.stringContaining(`address ${address} cannot be an HSM's in subnet-a (10.0.1.0/24): addresses from 10.0.1.4 to 10.0.1.254 can`),
    });
  });

describe('a Create', () => {
  test('passes with the zones that offer CloudHSM, sorted', () => {
    expect(plan('Create', { SubnetIds: ['subnet-b', 'subnet-a'] })).toEqual({ kind: 'done', attributes: { AvailabilityZones: `${A},${B}` } });
  });

  test.each<[string, Partial<typeof PROPERTIES>, Partial<ObservedPlacement>, string, RegExp]>([
    ['two subnets share a zone', { SubnetIds: ['subnet-a', 'subnet-a2'] }, {}, 'SubnetsShareZone', /subnet-a, subnet-a2 are in eu-west-1a/],
    ['only one zone offers CloudHSM', {}, { zones: [B, C] }, 'TooFewZones', /two Availability Zones .* only eu-west-1b offers it/],
    ['no zone offers CloudHSM', {}, { zones: [C] }, 'TooFewZones', /none offers it \(CloudHSM is in eu-west-1c\)/],
    ['one HSM has no zone', { HsmCount: '1' }, { zones: [C] }, 'TooFewZones', /^one Availability Zone with CloudHSM needed/],
    ['a pause has one zone only', { HsmCount: '0' }, { zones: [A] }, 'TooFewZones', /^two/],
    ['a subnet is not known', { SubnetIds: ['subnet-a', 'subnet-x'] }, {}, 'TooFewZones', /only eu-west-1a offers/],
    ['the cluster quota is reached', {}, { clusters: 4 }, 'ClusterQuotaReached', /has 4 of 4 CloudHSM clusters .* L-4B16B391/],
    ['the HSM quota does not suffice', { HsmCount: '3' }, { hsms: 4 }, 'HsmQuotaReached', /^3 HSMs wanted, but the account has 4 of 6 .* L-95BA35D1/],
    ['even a pause needs one HSM first', { HsmCount: '0' }, { hsms: 6 }, 'HsmQuotaReached', /^1 HSMs wanted/],
  ])('is refused when %s', (_, properties, observed, code, message) => {
    expect(plan('Create', properties, observed)).toEqual({ kind: 'fail', code, message: expect.stringMatching(message) });
  });

  test.each<[string, Partial<typeof PROPERTIES>, Partial<ObservedPlacement>]>([
    ['one HSM has one zone', { HsmCount: '1' }, { zones: [A] }],
    ['the Region does not say where CloudHSM is', {}, { zones: undefined }],
    ['quotas cannot be read', {}, { clusterQuota: undefined, hsmQuota: undefined, clusters: 99, hsms: 99 }],
    ['the HSM quota just suffices', { HsmCount: '2' }, { hsms: 4 }],
  ])('passes when %s', (_, properties, observed) => {
    expect(plan('Create', properties, observed)).toMatchObject({ kind: 'done' });
  });
});

describe('a Create for a cluster that is there already', () => {
  const adopting = (adopted: ObservedPlacement['adopted'], properties: Partial<typeof PROPERTIES> = {}, observed: Partial<ObservedPlacement> = {}) =>
    plan('Create', { AdoptedClusterId: CLUSTER_ID, ...properties } as Partial<typeof PROPERTIES>, { clusters: 4, hsms: 6, ...observed, adopted });
  const THERE = cluster('ACTIVE', [hsm('1', A), hsm('2', B)], { hsmType: 'hsm2m.medium', subnets: { [A]: 'subnet-a', [B]: 'subnet-b' } });

  test('passes although quotas are reached, for it is counted in them', () => {
    expect(adopting(THERE)).toEqual({ kind: 'done', attributes: { AvailabilityZones: `${A},${B}` } });
  });

  test('passes with one zone that offers CloudHSM: its subnets are what they are', () => {
    expect(adopting(THERE, {}, { zones: [B, C] })).toEqual({ kind: 'done', attributes: { AvailabilityZones: B } });
  });

  test.each<[string, ObservedPlacement['adopted'], Partial<typeof PROPERTIES>, string, RegExp]>([
    ['it is not there', undefined, {}, 'AdoptedClusterGone', /correct adoptedClusterId/],
    ['it is being deleted', cluster('DELETE_IN_PROGRESS'), {}, 'AdoptedClusterGone', /is being deleted/],
    ['it is not ACTIVE', cluster('INITIALIZED'), {}, 'AdoptedClusterNotActive', /is INITIALIZED; only an ACTIVE cluster is adopted/],
    ['it is in other subnets', THERE, { SubnetIds: ['subnet-a', 'subnet-c'] }, 'AdoptedClusterDiffers',
      /is hsm2m.medium in subnet-a, subnet-b, the template says hsm2m.medium in subnet-a, subnet-c; .* import it again/],
    ['it is of another type', THERE, { HsmType: 'hsm3.medium' }, 'AdoptedClusterDiffers', /the template says hsm3.medium in subnet-a, subnet-b/],
    ['more HSMs are wanted than the quota allows', THERE, { HsmCount: '3' }, 'HsmQuotaReached', /^3 HSMs wanted, but the account has 4 of 6/],
  ])('is refused when %s', (_, adopted, properties, code, message) => {
    expect(adopting(adopted, properties)).toEqual({ kind: 'fail', code, message: expect.stringMatching(message) });
  });
});

describe('an Update', () => {
  test('passes when the cluster stays, without looking at quotas', () => {
    expect(plan('Update', {}, { clusters: 4, hsms: 6 }, 'placement/hash')).toMatchObject({ kind: 'done' });
  });

  test('that would replace the cluster is refused, with the way out', () => {
    expect(plan('Update', {}, {}, 'placement/other')).toEqual({
      kind: 'fail', code: 'ClusterReplacementRefused', message: expect.stringMatching(/would replace the cluster by an empty one and lose its keys; undo it/),
    });
  });
});

test('a Delete always passes', () => {
  expect(plan('Delete', {}, { zones: [], clusters: 9 })).toEqual({ kind: 'done', attributes: {} });
});

describe('over the engine', () => {
  const aws = () => fakeAws({
    ec2: { cloudHsmZones: async () => OBSERVED.zones, subnets: async () => OBSERVED.subnets },
    quotas: { cloudHsm: async () => ({ clusters: 0, hsms: 0, clusterQuota: 4, hsmQuota: 6 }) },
  });
  const outcome = async (type: 'Create' | 'Update' | 'Delete', properties: object, physicalId?: string) =>
    (await reconcile(aws(), placement, newExecution(newRequest(type, PLACEMENT_TYPE, properties, { physicalId })), NOW)).outcome;

  test('the order of subnets means nothing, the count of HSMs neither', async () => {
    const made = await outcome('Create', PROPERTIES);

    expect(await outcome('Update', { ...PROPERTIES, SubnetIds: ['subnet-b', 'subnet-a'], HsmCount: '3' }, made?.physicalId)).toMatchObject({ status: 'SUCCESS' });
  });

  test.each<[string, Partial<typeof PROPERTIES>]>([
    ['subnets', { SubnetIds: ['subnet-a', 'subnet-b', 'subnet-c'] }], ['HSM type', { HsmType: 'hsm3.medium' }], ['mode', { Mode: 'NON_FIPS' }],
    ['network type', { NetworkType: 'DUALSTACK' }],
  ])('another set of %s fails and keeps the id, so that the roll back\'s Update passes', async (_, change) => {
    const made = await outcome('Create', PROPERTIES);

    const changed = await outcome('Update', { ...PROPERTIES, ...change }, made?.physicalId);
    const rolledBack = await outcome('Update', PROPERTIES, changed?.physicalId);

    expect(changed).toMatchObject({ status: 'FAILED', physicalId: made?.physicalId });
    expect(rolledBack).toMatchObject({ status: 'SUCCESS', physicalId: made?.physicalId });
  });

  test('a Delete asks nothing, so that it ends where no service can be reached', async () => {
    const cutOff = fakeAws();

    expect((await reconcile(cutOff, placement, newExecution(newRequest('Delete', PLACEMENT_TYPE, PROPERTIES)), NOW)).outcome).toMatchObject({ status: 'SUCCESS' });
    expect(cutOff.calls).toEqual([]);
  });

  test.each(['Create', 'Update'] as const)('a %s takes no lease and acts on nothing', async (type) => {
    const recorded = aws();

    await reconcile(recorded, placement, newExecution(newRequest(type, PLACEMENT_TYPE, PROPERTIES)), NOW);

    expect(recorded.calls.map(({ name }) => name).sort()).toEqual(['ec2.cloudHsmZones', 'ec2.subnets', 'quotas.cloudHsm']);
    expect(recorded.parameters.values.size).toBe(0);
  });
});

describe('a cluster that is to be made from a backup', () => {
  const SOURCE = { BackupId: 'backup-rtq2dwi2gq6', BackupAdminSecretArn: 'arn:secret' } as Partial<typeof PROPERTIES>;
  const source = { backup: undefined, trustAnchor: undefined, clusterCertificate: undefined, adminSecretVersionIds: [], here: { region: 'eu-west-1', account: '111122223333', now: NOW } };
  const hashOf = (properties: object) => placement.physicalId(newRequest('Create', PLACEMENT_TYPE, { ...PROPERTIES, ...properties }));

  test('is refused before there is one when the backup is of no use', () => {
    expect(plan('Create', SOURCE, { source })).toMatchObject({ kind: 'fail', code: 'BackupGone' });
  });

  test('is guarded like any other: another backup, or none, is another cluster', () => {
    const ids = [{}, SOURCE, { ...SOURCE, BackupId: 'backup-aaaaaaaaaaa' }, { ...SOURCE, BackupId: undefined, SourceClusterId: CLUSTER_ID }].map(hashOf);

    expect(new Set(ids).size).toBe(4);
    expect(hashOf({ ...SOURCE, BackupAdminSecretArn: 'arn:other', TrustAnchorSource: '/given' })).toBe(ids[1]);
    expect(plan('Update', SOURCE, {}, ids[0])).toMatchObject({ code: 'ClusterReplacementRefused', message: expect.stringMatching(/from a backup: backup-rtq2dwi2gq6\) would replace/) });
  });
});
