import {
  CreateCustomKeyStoreCommand, DeleteCustomKeyStoreCommand, DescribeCustomKeyStoresCommand, KMSClient, UpdateCustomKeyStoreCommand,
} from '@aws-sdk/client-kms';
import { KMS_PASSWORD, keyStoreLab } from './key-store-lab';
import type { KeyStoreLab } from './key-store-lab';
import { Authority } from '../cloudhsm/authority';
import { Loopback } from '../wire/loopback';

let lab: KeyStoreLab;
beforeEach(async () => { lab = await keyStoreLab(); });
afterEach(() => lab.stop());

/** Runs `work` on a lab with these rows or variants in place of the usual one. */
async function elsewhere(options: Parameters<typeof keyStoreLab>[0], work: (other: KeyStoreLab) => Promise<void> | void): Promise<void> {
  const other = await keyStoreLab(options);
  try {
    await work(other);
  } finally {
    other.stop();
  }
}

describe('serialization', () => {
  let loopback: Loopback;
  let client: KMSClient;
  beforeEach(async () => {
    loopback = await new Loopback().start();
    loopback.answer = ({ operation, input }) => lab.kms(operation, input);
    client = new KMSClient(loopback.client);
  });
  afterEach(async () => loopback.stop());

  test('the stock client creates, finds, renames and deletes a store', async () => {
    const { CustomKeyStoreId = '' } = await client.send(new CreateCustomKeyStoreCommand({
      CustomKeyStoreName: 'store', CloudHsmClusterId: lab.clusterId, KeyStorePassword: KMS_PASSWORD, TrustAnchorCertificate: lab.authority.anchor,
    }));
    expect(CustomKeyStoreId).toMatch(/^cks-[0-9a-f]{17}$/);
    expect(await client.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreName: 'store' }))).toMatchObject({
      Truncated: false,
      CustomKeyStores: [{
        CustomKeyStoreId, CustomKeyStoreName: 'store', CloudHsmClusterId: lab.clusterId, TrustAnchorCertificate: lab.authority.anchor,
        ConnectionState: 'DISCONNECTED', CreationDate: expect.any(Date), CustomKeyStoreType: 'AWS_CLOUDHSM',
      }],
    });
    await client.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId, NewCustomKeyStoreName: 'other' }));
    expect(lab.store(CustomKeyStoreId).CustomKeyStoreName).toBe('other');
    await client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId }));
    expect(lab.stores()).toEqual([]);
  });

  test('a refusal arrives under its own name with status 400', async () => {
    const sent = client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: 'cks-1234567890abcdef0' }));

    await expect(sent).rejects.toMatchObject({ name: 'CustomKeyStoreNotFoundException', $metadata: { httpStatusCode: 400 } });
  });
});

describe('CreateCustomKeyStore', () => {
  const refused = (changes: object) => lab.code('CreateCustomKeyStore', lab.storeInput(changes));

  describe('validation', () => {
    test.each([
      ['no cluster', { CloudHsmClusterId: undefined }],
      ['no password', { KeyStorePassword: undefined }],
      ['no trust anchor', { TrustAnchorCertificate: undefined }],
      ['a password of six characters', { KeyStorePassword: 'Short1' }],
      ['a password of 33 characters', { KeyStorePassword: `${KMS_PASSWORD}1` }],
      ['a password with a special character', { KeyStorePassword: 'KmsPassword!' }],
      ['a trust anchor of more than 5,000 characters', { TrustAnchorCertificate: 'x'.repeat(5001) }],
      ['an id that is no cluster\'s', { CloudHsmClusterId: 'cluster-1' }],
      ['a property of external stores', { XksProxyConnectivity: 'PUBLIC_ENDPOINT' }],
    ])('refuses %s', (_title, changes) => {
      expect(refused(changes)).toBe('ValidationException');
    });

    test('refuses external key stores by name', () => {
      const { code, message } = lab.refusal('kms', 'CreateCustomKeyStore', { CustomKeyStoreName: 'xks', CustomKeyStoreType: 'EXTERNAL_KEY_STORE' });

      expect(`${code}: ${message}`).toBe('UnsupportedOperationException: [emulator] custom key stores of type EXTERNAL_KEY_STORE are not built');
    });
  });

  describe('behaviour', () => {
    test('refuses a name that is taken, a cluster that is in use, and one that is not there', () => {
      lab.createStore();

      expect(refused({ KeyStorePassword: 'AnotherPassword1' })).toBe('CustomKeyStoreNameInUseException');
      expect(refused({ CustomKeyStoreName: 'second' })).toBe('CloudHsmClusterInUseException');
      expect(refused({ CustomKeyStoreName: 'second', CloudHsmClusterId: 'cluster-aaaaaaaaaaa' })).toBe('CloudHsmClusterNotFoundException');
    });

    test('refuses a cluster of the same backup history as one in use', async () => {
      const restored = await lab.restored();
      lab.createStore();

      expect(refused({ CustomKeyStoreName: 'second', CloudHsmClusterId: restored })).toBe('CloudHsmClusterInUseException');
    });

    test('refuses a cluster that is not active', async () => {
      const uninitialized = await lab.uninitialized();

      expect(refused({ CloudHsmClusterId: uninitialized })).toBe('CloudHsmClusterNotActiveException');
    });

    test('refuses fewer than two active HSMs in different zones, whatever is on its way', async () => {
      await lab.deleteHsms(lab.clusterId, 1);
      expect(refused({})).toBe('CloudHsmClusterInvalidConfigurationException');

      const zone = lab.cluster(lab.clusterId).Hsms[0] as unknown as { AvailabilityZone: string };
      await lab.hsmReaches(lab.clusterId, lab.addHsm(lab.clusterId, zone.AvailabilityZone), 'ACTIVE');
      expect(refused({})).toBe('CloudHsmClusterInvalidConfigurationException');
      const second = lab.addHsm(lab.clusterId, zone.AvailabilityZone === 'us-east-1b' ? 'us-east-1c' : 'us-east-1b');
      expect(refused({})).toBe('CloudHsmClusterInvalidConfigurationException');
      await lab.hsmReaches(lab.clusterId, second, 'ACTIVE');
      expect(lab.createStore()).toMatch(/^cks-/);
    });

    test.each(['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'])('refuses a cluster whose group was changed by %s', (operation) => {
      const { SecurityGroup: GroupId = '' } = lab.cluster(lab.clusterId);
      lab.call('ec2', operation, { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId }] }] });

      expect(refused({})).toBe('CloudHsmClusterInvalidConfigurationException');
    });

    describe('what is not published about subnets', () => {
      const invalid = 'CloudHsmClusterInvalidConfigurationException';

      test('a way to the internet from a subnet matters only if subnets are tested for being private', async () => {
        const makePublic = (one: KeyStoreLab) => {
          const [{ VpcId }] = one.call<{ Subnets: Array<{ VpcId: string }> }>('ec2', 'DescribeSubnets', { SubnetIds: [one.subnets[0]] }).Subnets;
          const { InternetGateway: { InternetGatewayId: GatewayId } } = one.call<{ InternetGateway: { InternetGatewayId: string } }>('ec2', 'CreateInternetGateway');
          one.call('ec2', 'AttachInternetGateway', { InternetGatewayId: GatewayId, VpcId });
          const { RouteTable: { RouteTableId } } = one.call<{ RouteTable: { RouteTableId: string } }>('ec2', 'CreateRouteTable', { VpcId });
          one.call('ec2', 'CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
          one.call('ec2', 'AssociateRouteTable', { RouteTableId, SubnetId: one.subnets[1] });
        };
        makePublic(lab);
        expect(lab.createStore()).toMatch(/^cks-/);

        await elsewhere({ rows: { 'kms/subnets-must-be-private': true } }, (other) => {
          makePublic(other);
          expect(other.code('CreateCustomKeyStore', other.storeInput())).toBe(invalid);
        });
        await elsewhere({ rows: { 'kms/subnets-must-be-private': true } }, (other) => {
          expect(other.createStore()).toMatch(/^cks-/);
        });
      });

      test.each([true, false])('a network ACL matters only if ACLs are tested (outbound: %s)', async (Egress) => {
        const deny = (one: KeyStoreLab, ports: object) => {
          const { NetworkAcls: [{ NetworkAclId }] } = one.call<{ NetworkAcls: Array<{ NetworkAclId: string }> }>(
            'ec2', 'DescribeNetworkAcls', { Filters: [{ Name: 'association.subnet-id', Values: [one.subnets[0]] }] });
          one.call('ec2', 'CreateNetworkAclEntry', {
            NetworkAclId, RuleNumber: 50, Protocol: '6', RuleAction: 'deny', Egress, CidrBlock: '0.0.0.0/0', PortRange: ports,
          });
        };
        deny(lab, { From: 2223, To: 2225 });
        expect(lab.createStore()).toMatch(/^cks-/);

        await elsewhere({ rows: { 'kms/network-acls-tested': true } }, (other) => {
          deny(other, { From: 2225, To: 2225 });
          expect(other.code('CreateCustomKeyStore', other.storeInput())).toBe(invalid);
        });
        await elsewhere({ rows: { 'kms/network-acls-tested': true } }, (other) => {
          deny(other, { From: 22, To: 22 });
          expect(other.createStore()).toMatch(/^cks-/);
        });
      });
    });

    test('refuses another certificate than the trust anchor, and compares bytes', async () => {
      const sameInOtherBytes = `${lab.authority.anchor}\n`;
      expect(refused({ TrustAnchorCertificate: new Authority().anchor })).toBe('IncorrectTrustAnchorException');
      expect(refused({ TrustAnchorCertificate: sameInOtherBytes })).toBe('IncorrectTrustAnchorException');

      await elsewhere({ rows: { 'kms/trust-anchor-comparison': 'certificate' } }, (other) => {
        expect(other.createStore({ TrustAnchorCertificate: sameInOtherBytes })).toMatch(/^cks-/);
      });
    });

    test('knows several faults in the order of the table', async () => {
      const both = { CustomKeyStoreName: 'store', CloudHsmClusterId: 'cluster-aaaaaaaaaaa' };
      lab.createStore();
      expect(refused(both)).toBe('CustomKeyStoreNameInUseException');

      await elsewhere({ variants: ['other'] }, (other) => {
        other.createStore();
        expect(other.code('CreateCustomKeyStore', other.storeInput(both))).toBe('CloudHsmClusterNotFoundException');
      });
    });

    test('the eleventh store is one too many', async () => {
      await elsewhere({ rows: { 'kms/key-stores-per-region': 1 } }, (other) => {
        other.createStore();
        expect(other.code('CreateCustomKeyStore', other.storeInput({ CustomKeyStoreName: 'second' }))).toBe('LimitExceededException');
      });
    });

    test('answers a repetition with the same store while it is disconnected', async () => {
      const id = lab.createStore();
      expect(lab.createStore()).toBe(id);
      expect(lab.stores()).toHaveLength(1);

      await lab.connect(id);
      expect(refused({})).toBe('CustomKeyStoreNameInUseException');
    });

    test('a repetition with another password is another request, unless the password does not count', async () => {
      lab.createStore();
      expect(refused({ KeyStorePassword: 'AnotherPassword1' })).toBe('CustomKeyStoreNameInUseException');

      await elsewhere({ rows: { 'kms/create-compares-password': false } }, (other) => {
        const id = other.createStore();
        expect(other.createStore({ KeyStorePassword: 'AnotherPassword1' })).toBe(id);
      });
    });

    test('makes the service-linked role with the first store only, and does not test the password', () => {
      const role = { RoleName: 'AWSServiceRoleForKeyManagementServiceCustomKeyStores' };
      expect(lab.refusal('iam', 'GetRole', role).code).toBe('NoSuchEntity');

      lab.createStore({ KeyStorePassword: 'NotThePassword1' });
      expect(lab.call('iam', 'GetRole', role)).toMatchObject({ Role: { Path: '/aws-service-role/cks.kms.amazonaws.com/' } });
      expect(lab.users(lab.clusterId).find(({ username }) => username === 'kmsuser')).toMatchObject({ locked: 'false' });
    });

    test('keeps no password as text', async () => {
      const id = await lab.connectedStore();
      const stored = JSON.stringify(lab.kernel.store.names().map((name) => lab.kernel.store.table(name).entries()));

      expect(stored).toContain(id);
      expect(stored).not.toContain(KMS_PASSWORD);
    });
  });
});

describe('DescribeCustomKeyStores', () => {
  test('finds by id and by name, and throws for what is not there', () => {
    const id = lab.createStore();

    expect(lab.stores({ CustomKeyStoreName: 'store' })).toMatchObject([{ CustomKeyStoreId: id }]);
    expect(lab.code('DescribeCustomKeyStores', { CustomKeyStoreName: 'other' })).toBe('CustomKeyStoreNotFoundException');
    expect(lab.code('DescribeCustomKeyStores', { CustomKeyStoreId: 'cks-1234567890abcdef0' })).toBe('CustomKeyStoreNotFoundException');
    expect(lab.code('DescribeCustomKeyStores', { CustomKeyStoreName: 'store', CustomKeyStoreId: id })).toBe('ValidationException');
  });

  test('pages by Limit and Marker, and refuses a marker that is none', () => {
    const first = lab.createStore();
    const record = lab.kernel.store.table<object>('kms/key-stores@123456789012/us-east-1');
    lab.kernel.store.transaction(() => record.put('cks-2', { ...record.get(first), id: 'cks-2', name: 'second' }));

    const one = lab.kms('DescribeCustomKeyStores', { Limit: 1 });
    expect(one).toMatchObject({ CustomKeyStores: [{ CustomKeyStoreId: first }], Truncated: true });
    expect(lab.kms('DescribeCustomKeyStores', { Limit: 1, Marker: one.NextMarker })).toMatchObject({ CustomKeyStores: [{ CustomKeyStoreId: 'cks-2' }], Truncated: false });
    expect(lab.code('DescribeCustomKeyStores', { Marker: 'nonsense' })).toBe('InvalidMarkerException');
  });
});

describe('UpdateCustomKeyStore', () => {
  const update = (CustomKeyStoreId: string, changes: object) => lab.kms('UpdateCustomKeyStore', { CustomKeyStoreId, ...changes });
  const refused = (CustomKeyStoreId: string, changes: object) => lab.code('UpdateCustomKeyStore', { CustomKeyStoreId, ...changes });

  describe('validation', () => {
    test.each([
      ['nothing', {}, 'ValidationException'],
      ['a property of external stores', { XksProxyUriPath: '/kms/xks/v1' }, 'ValidationException'],
      ['a password with a space', { KeyStorePassword: 'Kms Password1' }, 'ValidationException'],
    ])('refuses %s', (_title, changes, code) => {
      expect(refused(lab.createStore(), changes)).toBe(code);
    });

    test('refuses a store that is not there', () => {
      expect(refused('cks-1234567890abcdef0', { NewCustomKeyStoreName: 'x' })).toBe('CustomKeyStoreNotFoundException');
    });
  });

  describe('behaviour', () => {
    test('a name changes while connected, password and cluster do not', async () => {
      const id = await lab.connectedStore();

      update(id, { NewCustomKeyStoreName: 'renamed' });
      expect(lab.store(id).CustomKeyStoreName).toBe('renamed');
      expect(refused(id, { KeyStorePassword: KMS_PASSWORD })).toBe('CustomKeyStoreInvalidStateException');
      expect(refused(id, { NewCustomKeyStoreName: 'x', CloudHsmClusterId: lab.clusterId })).toBe('CustomKeyStoreInvalidStateException');
    });

    test('a store may keep its own name, and frees the old one', () => {
      const id = lab.createStore();
      update(id, { NewCustomKeyStoreName: 'store' });
      update(id, { NewCustomKeyStoreName: 'renamed' });

      expect(lab.code('DescribeCustomKeyStores', { CustomKeyStoreName: 'store' })).toBe('CustomKeyStoreNotFoundException');
    });

    test('the password is told to KMS and not to the cluster', async () => {
      const id = lab.createStore({ KeyStorePassword: 'NotThePassword1' });
      expect(await lab.connect(id)).toBe('FAILED INVALID_CREDENTIALS');
      await lab.disconnect(id);

      update(id, { KeyStorePassword: KMS_PASSWORD });
      expect(await lab.connect(id)).toBe('CONNECTED');
    });

    test('another cluster must be of the same backup history, active, and have two HSMs', async () => {
      const id = lab.createStore();
      const stranger = await lab.active();
      expect(refused(id, { CloudHsmClusterId: stranger })).toBe('CloudHsmClusterNotRelatedException');
      expect(refused(id, { CloudHsmClusterId: 'cluster-aaaaaaaaaaa' })).toBe('CloudHsmClusterNotFoundException');

      const related = lab.create({ SourceBackupId: lab.backups(lab.clusterId)[0].BackupId });
      expect(refused(id, { CloudHsmClusterId: related })).toBe('CloudHsmClusterNotActiveException');
      await lab.reaches(related, 'ACTIVE');
      expect(refused(id, { CloudHsmClusterId: related })).toBe('CloudHsmClusterInvalidConfigurationException');
    });

    test('a password alone needs no HSMs, unless KMS looks at the cluster for it too', async () => {
      const id = lab.createStore();
      await lab.deleteHsms(lab.clusterId, 1);
      expect(update(id, { KeyStorePassword: 'AnotherPassword1' })).toEqual({});

      await elsewhere({ rows: { 'kms/update-password-checks-cluster': true } }, async (other) => {
        const there = other.createStore();
        await other.deleteHsms(other.clusterId, 1);
        expect(other.code('UpdateCustomKeyStore', { CustomKeyStoreId: there, KeyStorePassword: 'AnotherPassword1' }))
          .toBe('CloudHsmClusterInvalidConfigurationException');
      });
    });
  });
});

describe('DeleteCustomKeyStore', () => {
  test('a store with keys stays, also with keys that wait for their deletion', async () => {
    const id = await lab.connectedStore();
    const { KeyId } = lab.createKey(id);
    await lab.disconnect(id);
    expect(lab.code('DeleteCustomKeyStore', { CustomKeyStoreId: id })).toBe('CustomKeyStoreHasCMKsException');
    lab.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    expect(lab.code('DeleteCustomKeyStore', { CustomKeyStoreId: id })).toBe('CustomKeyStoreHasCMKsException');

    await lab.days(7);
    lab.kms('DeleteCustomKeyStore', { CustomKeyStoreId: id });
    expect(lab.stores()).toEqual([]);
  });

  test('takes nothing from the cluster, which a new store may then use', async () => {
    const id = await lab.connectedStore();
    await lab.disconnect(id);
    lab.kms('DeleteCustomKeyStore', { CustomKeyStoreId: id });
    expect(lab.users(lab.clusterId).map(({ username }) => username)).toContain('kmsuser');

    lab.setPassword(KMS_PASSWORD);
    expect(await lab.connect(lab.createStore())).toBe('CONNECTED');
  });

  test.each([
    [true, 'CustomKeyStoreHasCMKsException'],
    [false, 'CustomKeyStoreInvalidStateException'],
  ])('of a connected store with keys: looking for keys first is %s', async (first, code) => {
    await elsewhere({ rows: { 'kms/delete-looks-for-keys-first': first } }, async (other) => {
      const id = await other.connectedStore();
      other.createKey(id);
      expect(other.code('DeleteCustomKeyStore', { CustomKeyStoreId: id })).toBe(code);
    });
  });
});
