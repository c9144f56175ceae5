import { Lab } from './lab';
import type { ClusterShape } from './lab';

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.stop());

const SUBNETS = ['subnet-0000000b', 'subnet-0000000c'];

describe('CreateCluster', () => {
  test('answers at once, in the service\'s shape and without a security group', () => {
    const { Cluster } = lab.hsm2<{ Cluster: ClusterShape }>('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: SUBNETS });

    expect(Cluster).toEqual({
      BackupPolicy: 'DEFAULT',
      BackupRetentionPolicy: { Type: 'DAYS', Value: '90' },
      ClusterId: expect.stringMatching(/^cluster-[2-7a-z]{11}$/) as string,
      CreateTimestamp: expect.any(Date) as Date,
      Hsms: [],
      HsmType: 'hsm2m.medium',
      State: 'CREATE_IN_PROGRESS',
      SubnetMapping: { 'us-east-1b': 'subnet-0000000b', 'us-east-1c': 'subnet-0000000c' },
      VpcId: 'vpc-00000000',
      NetworkType: 'IPV4',
      Certificates: {},
      Mode: 'FIPS',
    });
  });

  test.each([
    ['an HSM type that is no longer sold', { HsmType: 'hsm1.medium' }, 'CloudHsmInvalidRequestException: Provided HsmType is not supported.'],
    ['subnets of two VPCs', { SubnetIds: ['subnet-0000000b', 'subnet-1000000c'] }, /^CloudHsmInvalidRequestException: .*same VPC/],
    ['two subnets in one zone', { SubnetIds: ['subnet-0000000b', 'subnet-1000000b'] }, /^CloudHsmInvalidRequestException: .*us-east-1b/],
    ['a subnet that is not there', { SubnetIds: ['subnet-99999999'] }, /^CloudHsmInvalidRequestException: .*subnet-99999999/],
    ['a retention below the least', { BackupRetentionPolicy: { Type: 'DAYS', Value: '6' } }, /^CloudHsmInvalidRequestException: .*between 7 and 379/],
    ['a retention above the most', { BackupRetentionPolicy: { Type: 'DAYS', Value: '380' } }, /^CloudHsmInvalidRequestException: .*between 7 and 379/],
    ['dual stack in a subnet without IPv6', { NetworkType: 'DUALSTACK' }, /^CloudHsmInvalidRequestException: .*IPv6/],
    ['a backup that is not there', { SourceBackupId: 'backup-aaaaaaaaaaa' }, /^CloudHsmResourceNotFoundException: /],
    ['a tag key twice', { TagList: [{ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }] }, /^CloudHsmTagException: /],
    ['a malformed subnet id', { SubnetIds: ['net-1'] }, /^CloudHsmInvalidRequestException: .*Member must satisfy regular expression pattern/],
  ])('refuses %s', (_title, input, expected) => {
    const refusal = lab.refused('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: SUBNETS, ...input });

    if (typeof expected === 'string') expect(refusal).toBe(expected);
    else expect(refusal).toMatch(expected);
    expect(lab.clusters()).toEqual([]);
  });

  test('refuses the fifth cluster of an account and region, but not one in another region', () => {
    for (let count = 0; count < 4; count++) lab.create();

    expect(lab.refused('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: SUBNETS })).toMatch(/^CloudHsmInvalidRequestException: .*4 clusters/);
    expect(lab.hsm2('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: SUBNETS }, { region: 'eu-west-1' })).toHaveProperty('Cluster');
  });

  test('gives its group the client ports from and to itself and nothing else', async () => {
    const clusterId = await lab.uninitialized();

    expect(lab.context('ec2').table('fake/groups').get(lab.cluster(clusterId).SecurityGroup!)).toMatchObject({
      name: `cloudhsm-${clusterId}-sg`, ports: ['ingress 2223-2225 itself', 'egress 2223-2225 itself'],
    });
  });

  test.each(['DescribeSubnets', 'CreateSecurityGroup'])('fails as denied when the caller may not make the dependent call %s', (operation) => {
    lab.kernel.faults.add({ service: 'ec2', operation: `deny-${operation}`, kind: 'error' });

    expect(lab.refused('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: SUBNETS })).toMatch(/^CloudHsmAccessDeniedException: /);
    expect(lab.clusters()).toEqual([]);
  });

  test('makes the service-linked role for the first cluster only, and says so when it may not', () => {
    lab.kernel.faults.add({ service: 'iam', operation: 'deny-CreateServiceLinkedRole', kind: 'error' });

    expect(lab.refused('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: SUBNETS }))
      .toMatch(/^CloudHsmAccessDeniedException: .*permission to call iam:CreateServiceLinkedRole to create the CloudHSM Service Linked Role/);
    lab.kernel.faults.clear();
    lab.create();
    lab.create();
    expect(lab.calls.records.filter(({ operation, error }) => operation === 'CreateServiceLinkedRole' && !error)).toHaveLength(1);
  });

  test('demands a mode in the variant in which it is required', () => {
    const strict = new Lab({ variants: ['cloudhsmv2/mode-required=strict'] });

    expect(strict.refused('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: SUBNETS })).toMatch(/^CloudHsmInvalidRequestException: Mode/);
    expect(strict.create({ Mode: 'FIPS' })).toMatch(/^cluster-/);
    strict.stop();
  });
});

describe('DescribeClusters', () => {
  test('finds nothing, and no error, for an unknown id', () => {
    expect(lab.clusters({ clusterIds: ['cluster-aaaaaaaaaaa'] })).toEqual([]);
  });

  test('filters by state and VPC, refuses filters it does not know', () => {
    const clusterId = lab.create();

    expect(lab.clusters({ states: ['CREATE_IN_PROGRESS'], vpcIds: ['vpc-00000000'] }).map(({ ClusterId }) => ClusterId)).toEqual([clusterId]);
    expect(lab.clusters({ states: ['ACTIVE'] })).toEqual([]);
    expect(lab.refused('DescribeClusters', { Filters: { colour: ['red'] } })).toMatch(/^CloudHsmInvalidRequestException: colour/);
    // Which every object has.
    expect(lab.refused('DescribeClusters', { Filters: { constructor: ['red'] } })).toMatch(/^CloudHsmInvalidRequestException: constructor/);
  });

  test('shows every cluster once over its pages', () => {
    const made = [lab.create(), lab.create(), lab.create()];
    const seen: string[] = [];

    for (let token: string | undefined = ''; token !== undefined;) {
      const page: { Clusters: ClusterShape[]; NextToken?: string } = lab.hsm2('DescribeClusters', { MaxResults: 2, ...(token ? { NextToken: token } : {}) });
      seen.push(...page.Clusters.map(({ ClusterId }) => ClusterId));
      token = page.NextToken;
    }

    expect(seen).toEqual(made);
    expect(lab.refused('DescribeClusters', { NextToken: 'bogus' })).toMatch(/^CloudHsmInvalidRequestException: /);
  });

  test('goes on after the one shown last though others before it are not of the list any more', () => {
    const [first, second, third] = [lab.create(), lab.create(), lab.create()];
    const { NextToken } = lab.hsm2<{ NextToken?: string }>('DescribeClusters', { MaxResults: 2, Filters: { clusterIds: [first, second, third] } });

    const rest = lab.hsm2<{ Clusters: ClusterShape[] }>('DescribeClusters', { NextToken, Filters: { clusterIds: [second, third] } });

    expect(rest.Clusters.map(({ ClusterId }) => ClusterId)).toEqual([third]);
  });

  test('shows nothing of another region or account', () => {
    lab.create();

    expect(lab.hsm2('DescribeClusters', {}, { region: 'eu-west-1' })).toEqual({ Clusters: [] });
    expect(lab.hsm2('DescribeClusters', {}, { account: '999999999999' })).toEqual({ Clusters: [] });
  });
});

describe('ModifyCluster', () => {
  test('changes the retention in place', async () => {
    const clusterId = await lab.uninitialized();

    lab.hsm2('ModifyCluster', { ClusterId: clusterId, BackupRetentionPolicy: { Type: 'DAYS', Value: '7' } });

    expect(lab.cluster(clusterId)).toMatchObject({ State: 'UNINITIALIZED', BackupRetentionPolicy: { Type: 'DAYS', Value: '7' } });
  });

  test('refuses to do nothing, an old type and an unknown cluster', () => {
    const clusterId = lab.create();

    expect(lab.refused('ModifyCluster', { ClusterId: clusterId })).toMatch(/^CloudHsmInvalidRequestException: At least one/);
    expect(lab.refused('ModifyCluster', { ClusterId: clusterId, HsmType: 'hsm1.medium' }))
      .toBe('CloudHsmInvalidRequestException: Provided HsmType is not supported.');
    expect(lab.refused('ModifyCluster', { ClusterId: 'cluster-aaaaaaaaaaa', HsmType: 'hsm2m.medium' })).toMatch(/^CloudHsmResourceNotFoundException: /);
  });
});

describe('DeleteCluster', () => {
  test('takes its time, is shown as DELETED for a while and takes its group with it', async () => {
    const clusterId = await lab.uninitialized();

    lab.hsm2('DeleteCluster', { ClusterId: clusterId });
    expect(lab.cluster(clusterId).State).toBe('DELETE_IN_PROGRESS');
    await lab.reaches(clusterId, 'DELETED');

    expect(lab.context('ec2').table('fake/groups').size()).toBe(0);
    expect(lab.refused('DeleteCluster', { ClusterId: clusterId })).toMatch(/^CloudHsmResourceNotFoundException: /);
    expect(lab.refused('ListTags', { ResourceId: clusterId })).toMatch(/^CloudHsmResourceNotFoundException: /);
    await lab.until(() => lab.cluster(clusterId) === undefined, 600);
  });

  test('vanishes at once in the variant in which DELETED is not shown', async () => {
    const other = new Lab({ variants: ['cloudhsmv2/deleted-cluster-visible=other'] });
    const clusterId = await other.uninitialized();

    other.hsm2('DeleteCluster', { ClusterId: clusterId });
    await other.until(() => other.cluster(clusterId)?.State !== 'DELETE_IN_PROGRESS');
    await other.advance(0);

    expect(other.clusters()).toEqual([]);
    other.stop();
  });

  test('leaves a group that is in use, or fails, by variant', async () => {
    const leaving = await lab.uninitialized();
    lab.kernel.faults.add({ service: 'ec2', operation: 'group-in-use', kind: 'error' });
    lab.hsm2('DeleteCluster', { ClusterId: leaving });
    await lab.reaches(leaving, 'DELETED');
    expect(lab.context('ec2').table('fake/groups').size()).toBe(1);

    const failing = new Lab({ variants: ['cloudhsmv2/security-group-in-use=other'] });
    const clusterId = await failing.uninitialized();
    failing.kernel.faults.add({ service: 'ec2', operation: 'group-in-use', kind: 'error' });
    failing.hsm2('DeleteCluster', { ClusterId: clusterId });
    await failing.reaches(clusterId, 'UNINITIALIZED');
    expect(failing.cluster(clusterId).StateMessage).toMatch(/security group/);
    failing.stop();
  });
});

describe('tags', () => {
  test('are merged, listed and removed', () => {
    const clusterId = lab.create({ TagList: [{ Key: 'a', Value: '1' }] });

    lab.hsm2('TagResource', { ResourceId: clusterId, TagList: [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '3' }] });
    expect(lab.hsm2('ListTags', { ResourceId: clusterId })).toEqual({ TagList: [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '3' }] });

    lab.hsm2('UntagResource', { ResourceId: clusterId, TagKeyList: ['a', 'unknown'] });
    expect(lab.cluster(clusterId).TagList).toEqual([{ Key: 'b', Value: '3' }]);
  });

  test('are limited to fifty', () => {
    const fifty = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const clusterId = lab.create({ TagList: fifty });

    expect(lab.refused('TagResource', { ResourceId: clusterId, TagList: [{ Key: 'more', Value: '' }] })).toMatch(/^CloudHsmResourceLimitExceededException: /);
    expect(lab.refused('TagResource', { ResourceId: 'cluster-aaaaaaaaaaa', TagList: [{ Key: 'a', Value: '' }] })).toMatch(/^CloudHsmResourceNotFoundException: /);
  });
});
