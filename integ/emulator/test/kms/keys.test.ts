import { rmSync } from 'node:fs';
import { kms } from '../../src/services/kms/service';
import { ServiceError } from '../../src/wire/operation';
import type { Context, Service } from '../../src/wire/operation';
import { World, roleSession } from '../_helpers/world';

/** Knows one role. */
const iam: Service = {
  name: 'iam',
  operations: {
    GetRole: (_context: Context, { RoleName }: { RoleName: string }) => {
      if (RoleName !== 'there') throw new ServiceError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, { status: 404 });
      return {};
    },
  },
};

let world: World;
beforeEach(() => { world = new World({ services: [iam, kms] }); });
afterEach(() => {
  world.stop();
  rmSync(world.folder, { recursive: true, force: true });
});

interface Metadata {
  readonly KeyId: string;
  readonly Arn: string;
  readonly KeyState: string;
  readonly Enabled: boolean;
  readonly DeletionDate?: Date;
  readonly [member: string]: unknown;
}

const DAY_MS = 86_400_000;
const create = (input: object = {}) => world.call<{ KeyMetadata: Metadata }>('kms', 'CreateKey', input).KeyMetadata;
const describeKey = (KeyId: string) => world.call<{ KeyMetadata: Metadata }>('kms', 'DescribeKey', { KeyId }).KeyMetadata;
const encrypt = { Plaintext: Buffer.from('x') };

test('a key is found by its id, its ARN and its aliases, in their own Region only', () => {
  const { KeyId, Arn } = create();
  world.call('kms', 'CreateAlias', { AliasName: 'alias/mine', TargetKeyId: Arn });
  expect([KeyId, Arn, 'alias/mine', 'arn:aws:kms:us-east-1:123456789012:alias/mine'].map((name) => describeKey(name).KeyId)).toEqual([KeyId, KeyId, KeyId, KeyId]);
  expect(KeyId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(world.refusal('kms', 'DescribeKey', { KeyId: Arn.replace('us-east-1', 'eu-west-1') }).code).toBe('NotFoundException');
});

test.each([
  ['12345678-1234-1234-1234-123456789012', 'Key \'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012\' does not exist'],
  ['nonesuch', 'Invalid keyId nonesuch'],
  ['alias/nonesuch', 'Alias arn:aws:kms:us-east-1:123456789012:alias/nonesuch is not found.'],
])('%s is not found in AWS\'s words', (KeyId, message) => {
  expect(world.refusal('kms', 'DescribeKey', { KeyId })).toMatchObject({ code: 'NotFoundException', message });
});

test('key ids repeat with the seed, and key material does not', () => {
  const other = new World({ services: [kms] });
  try {
    const there = other.call<{ KeyMetadata: Metadata }>('kms', 'CreateKey').KeyMetadata;
    expect(create().KeyId).toBe(there.KeyId);
    const secrets = [world, other].map(({ kernel }) => JSON.stringify(kernel.store.table('kms/keys@123456789012/us-east-1').values()));
    expect(secrets[0]).not.toBe(secrets[1]);
  } finally {
    other.stop();
  }
});

test('the metadata tell what a key is for', () => {
  expect(create({ Description: 'd' })).toMatchObject({
    Description: 'd', KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT', EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    Origin: 'AWS_KMS', KeyManager: 'CUSTOMER', KeyState: 'Enabled', Enabled: true, MultiRegion: false,
  });
  expect(create({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' })).toMatchObject({ SigningAlgorithms: ['ECDSA_SHA_384'] });
  expect(create({ MultiRegion: true })).toMatchObject({ KeyId: expect.stringMatching(/^mrk-[0-9a-f]{32}$/), MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY' } });
  expect(world.refusal('kms', 'CreateKey', { KeySpec: 'HMAC_224', KeyUsage: 'ENCRYPT_DECRYPT' }).message).toBe('KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec HMAC_224');
});

describe('states', () => {
  test('a disabled key refuses its use and not its description', () => {
    const { KeyId, Arn } = create();
    world.call('kms', 'DisableKey', { KeyId });
    expect(describeKey(KeyId)).toMatchObject({ KeyState: 'Disabled', Enabled: false });
    expect(world.refusal('kms', 'Encrypt', { KeyId, ...encrypt })).toMatchObject({ code: 'DisabledException', message: `${Arn} is disabled.` });
    world.call('kms', 'EnableKey', { KeyId });
    expect(world.call('kms', 'Encrypt', { KeyId, ...encrypt })).toHaveProperty('CiphertextBlob');
  });

  test('a key that waits for its deletion refuses changes, and is gone with its aliases and grants at the end', async () => {
    const { KeyId, Arn } = create();
    world.call('kms', 'CreateAlias', { AliasName: 'alias/mine', TargetKeyId: KeyId });
    world.call('kms', 'CreateGrant', { KeyId, GranteePrincipal: 'arn:aws:iam::123456789012:role/there', Operations: ['Decrypt'] });
    expect(world.call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })).toMatchObject({ KeyId: Arn, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    const texts = ['EnableKey', 'DisableKey', 'ScheduleKeyDeletion', 'EnableKeyRotation'].map((operation) => world.refusal('kms', operation, { KeyId }).message);
    expect(new Set(texts)).toEqual(new Set([`${Arn} is pending deletion.`]));
    expect(world.refusal('kms', 'Encrypt', { KeyId, ...encrypt }).code).toBe('KMSInvalidStateException');
    await world.advance(7 * DAY_MS - 1);
    expect(describeKey(KeyId).KeyState).toBe('PendingDeletion');
    await world.advance(1);
    expect(world.refusal('kms', 'DescribeKey', { KeyId }).code).toBe('NotFoundException');
    expect(world.call('kms', 'ListAliases')).toMatchObject({ Aliases: [] });
  });

  test('a cancelled deletion leaves the key disabled, for good', async () => {
    const { KeyId, Arn } = create();
    world.call('kms', 'ScheduleKeyDeletion', { KeyId });
    world.call('kms', 'CancelKeyDeletion', { KeyId });
    await world.advance(31 * DAY_MS);
    expect(describeKey(KeyId).KeyState).toBe('Disabled');
    expect(world.refusal('kms', 'CancelKeyDeletion', { KeyId })).toMatchObject({ code: 'KMSInvalidStateException', message: `${Arn} is not pending deletion.` });
  });

  test.each([6, 31])('a window of %d days is refused', (PendingWindowInDays) => {
    const { KeyId } = create();
    expect(world.refusal('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays }).code).toBe('ValidationException');
  });

  test('a key whose material is to be imported cannot be used', () => {
    const { KeyId, Arn, KeyState } = create({ Origin: 'EXTERNAL' });
    expect(KeyState).toBe('PendingImport');
    expect(world.refusal('kms', 'Encrypt', { KeyId, ...encrypt })).toMatchObject({ code: 'KMSInvalidStateException', message: `${Arn} is pending import.` });
  });
});

describe('aliases', () => {
  test('an alias moves to another key of its kind', () => {
    const [one, two] = [create(), create()];
    const signing = create({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    world.call('kms', 'CreateAlias', { AliasName: 'alias/mine', TargetKeyId: one.KeyId });
    world.call('kms', 'UpdateAlias', { AliasName: 'alias/mine', TargetKeyId: two.KeyId });
    expect(describeKey('alias/mine').KeyId).toBe(two.KeyId);
    expect(world.refusal('kms', 'UpdateAlias', { AliasName: 'alias/mine', TargetKeyId: signing.KeyId }).code).toBe('ValidationException');
    expect(world.refusal('kms', 'CreateAlias', { AliasName: 'alias/mine', TargetKeyId: one.KeyId })).toMatchObject({
      code: 'AlreadyExistsException', message: 'An alias with the name arn:aws:kms:us-east-1:123456789012:alias/mine already exists',
    });
    world.call('kms', 'DeleteAlias', { AliasName: 'alias/mine' });
    expect(world.refusal('kms', 'DescribeKey', { KeyId: 'alias/mine' }).code).toBe('NotFoundException');
  });

  test('the key of a service is made when it is first asked for, and is nobody\'s to change', () => {
    const { KeyId, Arn, KeyManager } = describeKey('alias/aws/s3');
    expect(KeyManager).toBe('AWS');
    expect(describeKey('alias/aws/s3').KeyId).toBe(KeyId);
    expect(world.refusal('kms', 'DescribeKey', { KeyId: 'alias/aws/nonesuch' }).code).toBe('NotFoundException');
    expect(world.refusal('kms', 'DisableKey', { KeyId })).toMatchObject({
      code: 'AccessDeniedException',
      message: `User: arn:aws:iam::123456789012:user/outside is not authorized to perform: kms:DisableKey on resource: ${Arn} because no resource-based policy allows the kms:DisableKey action`,
    });
    expect(world.refusal('kms', 'CreateAlias', { AliasName: 'alias/aws/mine', TargetKeyId: KeyId }).code).toBe('NotAuthorizedException');
  });

  test('operations that change a key take no alias', () => {
    world.call('kms', 'CreateAlias', { AliasName: 'alias/mine', TargetKeyId: create().KeyId });
    expect(world.refusal('kms', 'DisableKey', { KeyId: 'alias/mine' }).code).toBe('NotFoundException');
  });
});

describe('policies', () => {
  const allow = (principal: string, action: string = 'kms:*') => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: action, Resource: '*' }] });
  const ROOT = 'arn:aws:iam::123456789012:root';

  test('a key without a policy belongs to its account', () => {
    const { Policy, PolicyName } = world.call<{ Policy: string; PolicyName: string }>('kms', 'GetKeyPolicy', { KeyId: create().KeyId });
    expect(PolicyName).toBe('default');
    expect(JSON.parse(Policy)).toMatchObject({ Statement: [{ Principal: { AWS: ROOT }, Action: 'kms:*' }] });
  });

  test('a policy that would lock out whoever puts it is refused, unless that is bypassed', () => {
    const Policy = allow('arn:aws:iam::123456789012:role/there');
    expect(world.refusal('kms', 'CreateKey', { Policy })).toMatchObject({
      code: 'MalformedPolicyDocumentException', message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    expect(world.refusal('kms', 'CreateKey', { Policy: allow(ROOT, 'kms:Encrypt') }).code).toBe('MalformedPolicyDocumentException');
    expect(create({ Policy, BypassPolicyLockoutSafetyCheck: true })).toHaveProperty('KeyId');
    expect(world.call('kms', 'CreateKey', { Policy }, roleSession('there'))).toHaveProperty('KeyMetadata');
  });

  test('a principal that is not there is refused', () => {
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' },
        { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::123456789012:role/path/gone'] }, Action: 'kms:Decrypt', Resource: '*' },
      ],
    });
    expect(world.refusal('kms', 'CreateKey', { Policy }).message).toBe('Policy contains a statement with one or more invalid principals.');
    expect(create({ Policy: Policy.replace('gone', 'there') })).toHaveProperty('KeyId');
    expect(world.refusal('kms', 'CreateKey', { Policy: '{' }).code).toBe('MalformedPolicyDocumentException');
  });
});

test('grants: the same one under the same name is one grant, and it ends by token or by id', () => {
  const { KeyId } = create();
  const grant = (Name?: string) => world.call<{ GrantId: string; GrantToken: string }>('kms', 'CreateGrant', { KeyId, GranteePrincipal: 'arn:aws:iam::123456789012:role/there', Operations: ['Decrypt'], ...(Name ? { Name } : {}) });
  const first = grant('mine');
  expect(grant('mine').GrantId).toBe(first.GrantId);
  const second = grant();
  const list = () => world.call<{ Grants: Array<{ GrantId: string }> }>('kms', 'ListGrants', { KeyId }).Grants.map(({ GrantId }) => GrantId);
  expect(list()).toEqual([first.GrantId, second.GrantId]);
  world.call('kms', 'RetireGrant', { GrantToken: first.GrantToken });
  world.call('kms', 'RevokeGrant', { KeyId, GrantId: second.GrantId });
  expect(list()).toEqual([]);
  expect(world.refusal('kms', 'RevokeGrant', { KeyId, GrantId: second.GrantId }).code).toBe('NotFoundException');
});

test('automatic rotation comes round with its period, and not for a disabled key', async () => {
  const { KeyId } = create();
  const rotations = () => world.call<{ Rotations: Array<{ RotationType: string }> }>('kms', 'ListKeyRotations', { KeyId }).Rotations.map(({ RotationType }) => RotationType);
  world.call('kms', 'EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
  expect(world.call('kms', 'GetKeyRotationStatus', { KeyId })).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
  await world.advance(90 * DAY_MS);
  expect(rotations()).toEqual(['AUTOMATIC']);
  world.call('kms', 'DisableKey', { KeyId });
  await world.advance(90 * DAY_MS);
  world.call('kms', 'EnableKey', { KeyId });
  expect(rotations()).toEqual(['AUTOMATIC']);
  world.call('kms', 'DisableKeyRotation', { KeyId });
  await world.advance(400 * DAY_MS);
  expect(rotations()).toEqual(['AUTOMATIC']);
});

test('a signing key cannot be rotated', () => {
  const { KeyId } = create({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  expect(world.refusal('kms', 'EnableKeyRotation', { KeyId }).code).toBe('UnsupportedOperationException');
});

test('keys and tags are listed page by page', () => {
  const made = [create(), create(), create({ Tags: [{ TagKey: 'a', TagValue: '1' }] })];
  const first = world.call<{ Keys: Array<{ KeyId: string }>; NextMarker: string; Truncated: boolean }>('kms', 'ListKeys', { Limit: 2 });
  const second = world.call<{ Keys: Array<{ KeyId: string }>; Truncated: boolean }>('kms', 'ListKeys', { Marker: first.NextMarker });
  expect([...first.Keys, ...second.Keys].map(({ KeyId }) => KeyId)).toEqual(made.map(({ KeyId }) => KeyId));
  expect([first.Truncated, second.Truncated]).toEqual([true, false]);
  const { KeyId } = made[2];
  world.call('kms', 'TagResource', { KeyId, Tags: [{ TagKey: 'a', TagValue: '2' }, { TagKey: 'b', TagValue: '3' }] });
  world.call('kms', 'UntagResource', { KeyId, TagKeys: ['b'] });
  expect(world.call('kms', 'ListResourceTags', { KeyId })).toEqual({ Tags: [{ TagKey: 'a', TagValue: '2' }], Truncated: false });
});

test('a key survives a restart of the emulator with its material', () => {
  const folder = world.folder;
  const { KeyId } = create();
  const { CiphertextBlob } = world.call<{ CiphertextBlob: Buffer }>('kms', 'Encrypt', { KeyId, Plaintext: Buffer.from('kept') });
  world.kernel.stop();
  world = new World({ services: [kms], folder });
  expect(world.call<{ Plaintext: Buffer }>('kms', 'Decrypt', { CiphertextBlob }).Plaintext.toString()).toBe('kept');
});
