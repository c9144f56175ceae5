import { ConnectCustomKeyStoreCommand, DisconnectCustomKeyStoreCommand, KMSClient } from '@aws-sdk/client-kms';
import { KMS_PASSWORD, keyStoreLab } from './key-store-lab';
import type { KeyStoreLab } from './key-store-lab';
import { Authority } from '../cloudhsm/authority';
import { ADMIN } from '../cloudhsm/lab';
import { Loopback } from '../wire/loopback';

let lab: KeyStoreLab;
beforeEach(async () => { lab = await keyStoreLab(); });
afterEach(() => lab.stop());

const connect = (id: string) => lab.kms('ConnectCustomKeyStore', { CustomKeyStoreId: id });
const disconnect = (id: string) => lab.kms('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
const fault = (params: Record<string, string>) => lab.kernel.faults.add({ service: 'kms', operation: 'key-store-login', kind: 'error', params });

const interfaces = () => lab.call<{ NetworkInterfaces: object[] }>(
  'ec2', 'DescribeNetworkInterfaces', { Filters: [{ Name: 'description', Values: ['KMS managed*'] }] }).NetworkInterfaces;

/** A store in each of the states there are. */
const IN_STATE: Readonly<Record<string, () => Promise<string> | string>> = {
  DISCONNECTED: () => lab.createStore(),
  CONNECTING: () => {
    const id = lab.createStore();
    connect(id);
    return id;
  },
  CONNECTED: () => lab.connectedStore(),
  FAILED: async () => {
    fault({});
    const id = lab.createStore();
    await lab.connect(id);
    return id;
  },
  DISCONNECTING: async () => {
    const id = await lab.connectedStore();
    disconnect(id);
    return id;
  },
};

describe('serialization', () => {
  test('the stock client connects and disconnects, and is answered with nothing', async () => {
    const loopback = await new Loopback().start();
    loopback.answer = ({ operation, input }) => lab.kms(operation, input);
    const client = new KMSClient(loopback.client);
    const CustomKeyStoreId = lab.createStore();

    const { $metadata, ...connected } = await client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId }));
    const { $metadata: _metadata, ...disconnected } = await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId }));

    expect([$metadata.httpStatusCode, connected, disconnected]).toEqual([200, {}, {}]);
    await loopback.stop();
  });
});

test('all of the time in which KMS connects is work of the service, in kinds of its own', async () => {
  const id = lab.createStore();

  await lab.connect(id);

  const [connecting, connected] = ['CONNECTING', 'CONNECTED'].map((state) =>
    lab.kernel.timeline.entries().find(({ event, resource }) => event === state && resource === id)!.at);
  const work = lab.kernel.timeline.serviceTimes().filter(({ what, resource }) => what.startsWith('key-store-') && resource === lab.clusterId);
  expect(work.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(connected - connecting);
  expect(new Set(work.map(({ what }) => what)).size).toBe(work.length);
});

describe('states', () => {
  const INVALID = 'CustomKeyStoreInvalidStateException';

  test.each([
    ['ConnectCustomKeyStore', {}, ['DISCONNECTED', 'CONNECTING', 'CONNECTED']],
    ['DisconnectCustomKeyStore', {}, ['CONNECTING', 'CONNECTED', 'FAILED']],
    ['UpdateCustomKeyStore', { NewCustomKeyStoreName: 'other' }, ['DISCONNECTED', 'CONNECTED']],
    ['UpdateCustomKeyStore', { KeyStorePassword: KMS_PASSWORD }, ['DISCONNECTED']],
    ['DeleteCustomKeyStore', {}, ['DISCONNECTED']],
    ['CreateKey', { Origin: 'AWS_CLOUDHSM' }, ['CONNECTED']],
    ['GenerateRandom', { NumberOfBytes: 16 }, ['CONNECTED']],
  ])('%s %j is possible in %j only', async (operation, input, allowed) => {
    const possible: string[] = [];
    for (const [state, bring] of Object.entries(IN_STATE)) {
      lab.stop();
      lab = await keyStoreLab();
      const CustomKeyStoreId = await bring();
      expect(lab.store(CustomKeyStoreId).ConnectionState).toBe(state);
      if (allowed.includes(state)) {
        lab.kms(operation, { CustomKeyStoreId, ...input });
        possible.push(state);
      } else {
        expect(lab.code(operation, { CustomKeyStoreId, ...input })).toBe(INVALID);
      }
    }
    expect(possible).toEqual(allowed);
  });

  test('none knows a store that is not there', () => {
    for (const operation of ['ConnectCustomKeyStore', 'DisconnectCustomKeyStore', 'DeleteCustomKeyStore']) {
      expect(lab.code(operation, { CustomKeyStoreId: 'cks-1234567890abcdef0' })).toBe('CustomKeyStoreNotFoundException');
    }
  });

  test('connecting again while connected changes nothing, or is refused', async () => {
    const id = await lab.connectedStore();
    const before = lab.timeline().length;
    expect(connect(id)).toEqual({});
    expect(lab.timeline()).toHaveLength(before);
    lab.stop();

    lab = await keyStoreLab({ rows: { 'kms/connect-while-connected': 'refuse' } });
    expect(lab.code('ConnectCustomKeyStore', { CustomKeyStoreId: await lab.connectedStore() })).toBe(INVALID);
  });

  test('a connect takes two to twenty minutes, and a disconnect in between ends it', async () => {
    const id = lab.createStore();
    const began = lab.seconds;
    await lab.connect(id);
    expect(lab.seconds - began).toBeGreaterThanOrEqual(120);
    expect(lab.seconds - began).toBeLessThanOrEqual(1200);
    await lab.disconnect(id);

    connect(id);
    await lab.advance(61_000);
    await lab.disconnect(id);
    await lab.advance(1_200_000);
    expect(lab.store(id).ConnectionState).toBe('DISCONNECTED');
    expect(interfaces()).toEqual([]);
  });

  test('a store stays CONNECTED when its HSMs are gone, and when its cluster is', async () => {
    const id = await lab.connectedStore();
    await lab.deleteHsms();
    await lab.days(1);
    expect(lab.store(id).ConnectionState).toBe('CONNECTED');

    lab.hsm2('DeleteCluster', { ClusterId: lab.clusterId });
    await lab.until(() => lab.cluster(lab.clusterId)?.State === 'DELETED');
    expect(lab.store(id)).toMatchObject({ ConnectionState: 'CONNECTED', CloudHsmClusterId: lab.clusterId });
  });
});

describe('what is found at once', () => {
  test('a cluster without HSMs, whose store stays disconnected', async () => {
    const id = lab.createStore();
    await lab.deleteHsms();

    expect(lab.code('ConnectCustomKeyStore', { CustomKeyStoreId: id })).toBe('CloudHsmClusterInvalidConfigurationException');
    expect(lab.store(id).ConnectionState).toBe('DISCONNECTED');
  });

  test('a cluster that is being deleted', async () => {
    const id = lab.createStore();
    await lab.deleteHsms();
    lab.hsm2('DeleteCluster', { ClusterId: lab.clusterId });

    expect(lab.code('ConnectCustomKeyStore', { CustomKeyStoreId: id })).toBe('CloudHsmClusterNotActiveException');
  });

  test('one active HSM is enough', async () => {
    const id = lab.createStore();
    await lab.deleteHsms(lab.clusterId, 1);

    expect(await lab.connect(id)).toBe('CONNECTED');
  });
});

describe('connection error codes', () => {
  test('CLUSTER_NOT_FOUND: the cluster was deleted', async () => {
    const id = lab.createStore();
    await lab.deleteHsms();
    lab.hsm2('DeleteCluster', { ClusterId: lab.clusterId });
    await lab.until(() => lab.cluster(lab.clusterId)?.State === 'DELETED');

    expect(await lab.connect(id)).toBe('FAILED CLUSTER_NOT_FOUND');
  });

  test('INSUFFICIENT_CLOUDHSM_HSMS: the HSMs went on the way', async () => {
    const id = lab.createStore();
    connect(id);
    for (const { HsmId } of lab.cluster(lab.clusterId).Hsms) lab.hsm2('DeleteHsm', { ClusterId: lab.clusterId, HsmId });
    await lab.until(() => lab.store(id).ConnectionState === 'FAILED');

    expect(lab.store(id).ConnectionErrorCode).toBe('INSUFFICIENT_CLOUDHSM_HSMS');
  });

  test('INSUFFICIENT_CLOUDHSM_HSMS: when the call does not look for HSMs', async () => {
    lab.stop();
    lab = await keyStoreLab({ rows: { 'kms/hsms-for-connect-call': 0 } });
    const id = lab.createStore();
    await lab.deleteHsms();

    expect(await lab.connect(id)).toBe('FAILED INSUFFICIENT_CLOUDHSM_HSMS');
  });

  test('INVALID_CREDENTIALS: the password is another one, and each try counts on the HSMs', async () => {
    const id = lab.createStore({ KeyStorePassword: 'NotThePassword1' });
    for (let tries = 0; tries < 5; tries++) {
      expect(await lab.connect(id)).toBe('FAILED INVALID_CREDENTIALS');
      await lab.disconnect(id);
    }

    expect(await lab.connect(id)).toBe('FAILED USER_LOCKED_OUT');
    expect(lab.users(lab.clusterId).find(({ username }) => username === 'kmsuser')).toMatchObject({ locked: 'true' });
  });

  test('USER_LOCKED_OUT: also with the right password, until it is set anew', async () => {
    for (let tries = 0; tries < 5; tries++) lab.cli(lab.clusterId, ['key', 'list'], { as: ['crypto-user', 'kmsuser:NotThePassword1'] });
    const id = lab.createStore();
    expect(await lab.connect(id)).toBe('FAILED USER_LOCKED_OUT');

    await lab.disconnect(id);
    lab.setPassword(KMS_PASSWORD);
    expect(await lab.connect(id)).toBe('CONNECTED');
  });

  test('USER_NOT_FOUND: there is no kmsuser, or an administrator of that name', async () => {
    lab.cli(lab.clusterId, ['user', 'delete', '--username', 'kmsuser', '--role', 'crypto-user'], { as: ADMIN });
    const id = lab.createStore();
    expect(await lab.connect(id)).toBe('FAILED USER_NOT_FOUND');

    await lab.disconnect(id);
    lab.cli(lab.clusterId, ['user', 'create', '--username', 'kmsuser', '--role', 'admin', '--password', KMS_PASSWORD], { as: ADMIN });
    expect(await lab.connect(id)).toBe('FAILED USER_NOT_FOUND');
  });

  test('USER_NOT_FOUND: one HSM does not have the user', async () => {
    lab.cli(lab.clusterId, ['user', 'delete', '--username', 'kmsuser', '--role', 'crypto-user'], { as: ADMIN });
    lab.kernel.faults.add({ service: 'cloudhsm-hsm', operation: 'hsm-user-create', kind: 'error', nth: 2 });
    lab.cli(lab.clusterId, ['user', 'create', '--username', 'kmsuser', '--role', 'crypto-user', '--password', KMS_PASSWORD], { as: ADMIN });
    expect(lab.users(lab.clusterId).find(({ username }) => username === 'kmsuser')).toMatchObject({ 'cluster-coverage': 'inconsistent' });

    expect(await lab.connect(lab.createStore())).toBe('FAILED USER_NOT_FOUND');
  });

  test('USER_LOGGED_IN: somebody else is kmsuser at the moment', async () => {
    const session = lab.call('cloudhsm-hsm', 'Login', {
      clusterId: lab.clusterId, trustAnchor: lab.authority.anchor, username: 'kmsuser', role: 'crypto-user', password: KMS_PASSWORD,
      from: { kind: 'service', service: 'somebody' },
    });
    const id = lab.createStore();
    expect(await lab.connect(id)).toBe('FAILED USER_LOGGED_IN');

    lab.call('cloudhsm-hsm', 'Logout', session);
    await lab.disconnect(id);
    expect(await lab.connect(id)).toBe('CONNECTED');
  });

  test('NETWORK_ERRORS: the cluster\'s group lets nobody through any more', async () => {
    const { SecurityGroup: GroupId = '' } = lab.cluster(lab.clusterId);
    const rule = { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId }] }] };
    const id = lab.createStore();
    connect(id);
    lab.call('ec2', 'RevokeSecurityGroupIngress', rule);
    await lab.until(() => lab.store(id).ConnectionState === 'FAILED');
    expect(lab.store(id).ConnectionErrorCode).toBe('NETWORK_ERRORS');
    expect(lab.timeline().some((line) => line.startsWith('no way: ') && line.endsWith(id))).toBe(true);

    lab.call('ec2', 'AuthorizeSecurityGroupIngress', rule);
    await lab.disconnect(id);
    expect(await lab.connect(id)).toBe('CONNECTED');
  });

  test('a network ACL between the subnets is in nobody\'s way: KMS has an interface in each', async () => {
    const { NetworkAcls: [{ NetworkAclId }] } = lab.call<{ NetworkAcls: Array<{ NetworkAclId: string }> }>(
      'ec2', 'DescribeNetworkAcls', { Filters: [{ Name: 'association.subnet-id', Values: [lab.subnets[0]] }] });
    lab.call('ec2', 'CreateNetworkAclEntry', {
      NetworkAclId, RuleNumber: 50, Protocol: '6', RuleAction: 'deny', Egress: false, CidrBlock: '0.0.0.0/0', PortRange: { From: 2223, To: 2225 },
    });
    const id = lab.createStore();
    expect(await lab.connect(id)).toBe('CONNECTED');
  });

  describe('of subnets', () => {
    const zone = 'us-east-1d';
    let third: string;
    let id: string;

    /** A related cluster with a third subnet, in which no HSM is. */
    beforeEach(async () => {
      const [{ VpcId }] = lab.call<{ Subnets: Array<{ VpcId: string }> }>('ec2', 'DescribeSubnets', { SubnetIds: [lab.subnets[0]] }).Subnets;
      third = lab.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', { VpcId, CidrBlock: '10.9.9.0/28', AvailabilityZone: zone }).Subnet.SubnetId;
      const clusterId = await lab.restored(undefined, [...lab.subnets, third]);
      lab.makeUser(clusterId);
      id = lab.createStore({ CloudHsmClusterId: clusterId });
    });

    test('SUBNET_NOT_FOUND: one was deleted', async () => {
      lab.call('ec2', 'DeleteSubnet', { SubnetId: third });

      expect(await lab.connect(id)).toBe('FAILED SUBNET_NOT_FOUND');
    });

    test('INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET: one is full', async () => {
      for (let addresses = 0; addresses < 11; addresses++) lab.call('ec2', 'CreateNetworkInterface', { SubnetId: third });

      expect(await lab.connect(id)).toBe('FAILED INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET');
      await lab.disconnect(id);
      expect(interfaces()).toEqual([]);
    });

    test('all of them have an interface otherwise', async () => {
      expect(await lab.connect(id)).toBe('CONNECTED');
      expect(interfaces()).toHaveLength(3);
    });
  });

  test.each(['INTERNAL_ERROR', 'NETWORK_ERRORS', 'USER_LOGGED_IN'])('%s: as a fault asks for', async (code) => {
    fault({ code });

    expect(await lab.connect(lab.createStore())).toBe(`FAILED ${code}`);
  });

  test('a connect that breaks on the way to the HSMs ends sooner, and nobody has logged in', async () => {
    lab.kernel.faults.add({ service: 'kms', operation: 'key-store-network', kind: 'error', params: { code: 'SUBNET_NOT_FOUND' } });
    const id = lab.createStore();
    connect(id);

    await lab.kernel.advance(60_000);

    expect(lab.store(id)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: 'SUBNET_NOT_FOUND' });
    expect(interfaces().length).toBeGreaterThan(0);
    await lab.disconnect(id);
    expect([interfaces(), await lab.connect(id)]).toEqual([[], 'CONNECTED']);
  });

  test('a broken connect leaves the password as it was', async () => {
    fault({ code: 'INTERNAL_ERROR' });
    const id = lab.createStore();
    await lab.connect(id);
    await lab.disconnect(id);

    expect(await lab.connect(id)).toBe('CONNECTED');
  });

  test('a broken connect may have replaced the password by one that is lost', async () => {
    lab.stop();
    lab = await keyStoreLab({ rows: { 'kms/failed-connect-rotates': true } });
    fault({ code: 'INTERNAL_ERROR' });
    const id = lab.createStore();
    expect(await lab.connect(id)).toBe('FAILED INTERNAL_ERROR');
    await lab.disconnect(id);

    expect(await lab.connect(id)).toBe('FAILED INVALID_CREDENTIALS');
    await lab.disconnect(id);
    lab.setPassword('SetAnew1');
    lab.kms('UpdateCustomKeyStore', { CustomKeyStoreId: id, KeyStorePassword: 'SetAnew1' });
    expect(await lab.connect(id)).toBe('CONNECTED');
  });

  test('a password that was changed on one HSM only is no connection', async () => {
    lab.kernel.faults.add({ service: 'cloudhsm-hsm', operation: 'hsm-user-change-password', kind: 'error' });
    const id = lab.createStore();
    expect(await lab.connect(id)).toBe('FAILED INTERNAL_ERROR');
    await lab.disconnect(id);

    expect(await lab.connect(id)).toBe('FAILED INVALID_CREDENTIALS');
  });

  test.each([['INTERNAL_ERROR'], ['NETWORK_ERRORS']])('%s: the trust anchor has expired (a code that nobody has published)', async (code) => {
    lab.stop();
    lab = await keyStoreLab({ rows: { 'kms/expired-trust-anchor': code } });
    const { anchor } = new Authority(undefined, -1);
    const clusters = lab.kernel.store.table<object>(`cloudhsmv2/clusters@${lab.account}/${lab.region}`);
    lab.kernel.store.transaction(() => clusters.put(lab.clusterId, { ...clusters.get(lab.clusterId), trustAnchor: anchor }));

    expect(await lab.connect(lab.createStore({ TrustAnchorCertificate: anchor }))).toBe(`FAILED ${code}`);
  });

  test('a disconnect may never end', async () => {
    lab.kernel.faults.add({ service: 'kms', operation: 'key-store-disconnected', kind: 'never', params: {} });
    const id = await lab.connectedStore();
    disconnect(id);
    await lab.days(1);

    expect(lab.store(id).ConnectionState).toBe('DISCONNECTING');
  });

  test('a connect may never end', async () => {
    lab.kernel.faults.add({ service: 'kms', operation: 'key-store-login', kind: 'never', params: {} });
    const id = lab.createStore();
    connect(id);
    await lab.days(1);

    expect(lab.store(id).ConnectionState).toBe('CONNECTING');
  });

  test('a FAILED store keeps its code until it is disconnected', async () => {
    fault({ code: 'NETWORK_ERRORS' });
    const id = lab.createStore();
    await lab.connect(id);
    expect(lab.store(id).ConnectionErrorCode).toBe('NETWORK_ERRORS');

    disconnect(id);
    expect(lab.store(id)).toMatchObject({ ConnectionState: 'DISCONNECTING', ConnectionErrorCode: undefined });
  });
});
