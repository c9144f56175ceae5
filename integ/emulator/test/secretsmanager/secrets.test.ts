import { kms } from '../../src/services/kms/service';
import { secretsmanager } from '../../src/services/secretsmanager/service';
import { World, roleSession } from '../_helpers/world';

let world: World;
beforeEach(() => { world = new World({ services: [kms, secretsmanager] }); });
afterEach(() => world.stop());

interface Made { readonly ARN: string; readonly Name: string; readonly VersionId: string }
interface Value { readonly SecretString: string; readonly SecretBinary?: Buffer; readonly VersionId: string; readonly VersionStages: string[] }

const DAY_MS = 86_400_000;
const token = (letter: string) => letter.repeat(32);
const create = (input: object = {}) => world.call<Made>('secretsmanager', 'CreateSecret', { Name: 'db', SecretString: 'first', ClientRequestToken: token('1'), ...input });
const put = (SecretString: string, letter: string, more: object = {}) =>
  world.call('secretsmanager', 'PutSecretValue', { SecretId: 'db', SecretString, ClientRequestToken: token(letter), ...more });
const get = (input: object = {}) => world.call<Value>('secretsmanager', 'GetSecretValue', { SecretId: 'db', ...input });
const refused = (operation: string, input: object = {}) => world.refusal('secretsmanager', operation, { SecretId: 'db', ...input });
const stages = () => world.call<{ VersionIdsToStages: Record<string, string[]> }>('secretsmanager', 'DescribeSecret', { SecretId: 'db' }).VersionIdsToStages;

test('the ARN ends in six characters, and the secret is found with and without them', () => {
  const { ARN } = create();
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:db-[A-Za-z0-9]{6}$/);
  expect(get({ SecretId: ARN }).SecretString).toBe('first');
  expect(get({ SecretId: ARN.slice(0, -7) }).SecretString).toBe('first');
  expect(world.refusal('secretsmanager', 'GetSecretValue', { SecretId: 'other' })).toMatchObject({
    code: 'ResourceNotFoundException', message: 'Secrets Manager can\'t find the specified secret.',
  });
});

test('a secret without a value says which label it misses', () => {
  world.call('secretsmanager', 'CreateSecret', { Name: 'db' });
  expect(refused('GetSecretValue').message).toBe('Secrets Manager can\'t find the specified secret value for staging label: AWSCURRENT');
});

test('binary values stay binary', () => {
  create({ SecretString: undefined, SecretBinary: Buffer.from([0, 255, 1]) });
  const value = get();
  expect(value.SecretString).toBeUndefined();
  expect(value.SecretBinary).toEqual(Buffer.from([0, 255, 1]));
});

describe('versions', () => {
  test('a new value moves AWSCURRENT, and the old one keeps AWSPREVIOUS', () => {
    create();
    put('second', '2');
    expect(stages()).toEqual({ [token('1')]: ['AWSPREVIOUS'], [token('2')]: ['AWSCURRENT'] });
    expect([get().SecretString, get({ VersionStage: 'AWSPREVIOUS' }).SecretString]).toEqual(['second', 'first']);
  });

  test('a version that lost its last label is not shown any more', () => {
    create();
    put('second', '2');
    put('third', '3');
    expect(Object.keys(stages())).toEqual([token('2'), token('3')]);
    const ids = (IncludeDeprecated: boolean) => world.call<{ Versions: object[] }>('secretsmanager', 'ListSecretVersionIds', { SecretId: 'db', IncludeDeprecated }).Versions.length;
    expect([ids(false), ids(true)]).toEqual([2, 3]);
  });

  test('a value put aside under its own label does not become current', () => {
    create();
    put('next', '2', { VersionStages: ['AWSPENDING'] });
    expect([get().SecretString, get({ VersionStage: 'AWSPENDING' }).SecretString]).toEqual(['first', 'next']);
  });

  test('the same token with the same value changes nothing, with another value it is refused', () => {
    create();
    put('second', '2');
    put('third', '3');
    put('second', '2');
    expect(get().SecretString).toBe('third');
    expect(refused('PutSecretValue', { SecretString: 'other', ClientRequestToken: token('2') })).toMatchObject({
      code: 'ResourceExistsException', message: 'A resource with the ID you requested already exists.',
    });
  });

  test('creating twice with one token is one secret, with another token it is refused', () => {
    const { ARN } = create();
    expect(create().ARN).toBe(ARN);
    expect(world.refusal('secretsmanager', 'CreateSecret', { Name: 'db', SecretString: 'first', ClientRequestToken: token('9') }))
      .toMatchObject({ code: 'ResourceExistsException', message: 'The operation failed because the secret db already exists.' });
  });

  test('finishing a rotation: AWSCURRENT moves when the holder is named', () => {
    create();
    put('next', '2', { VersionStages: ['AWSPENDING'] });
    const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: token('2') };
    expect(refused('UpdateSecretVersionStage', move).message).toContain(`Staging label AWSCURRENT is currently attached to version ${token('1')}`);
    world.call('secretsmanager', 'UpdateSecretVersionStage', { SecretId: 'db', ...move, RemoveFromVersionId: token('1') });
    expect(stages()).toEqual({ [token('1')]: ['AWSPREVIOUS'], [token('2')]: ['AWSPENDING', 'AWSCURRENT'] });
    expect(refused('UpdateSecretVersionStage', { VersionStage: 'AWSCURRENT', RemoveFromVersionId: token('2') }).code).toBe('InvalidParameterException');
  });
});

test('a secret has 20 labels at most', () => {
  create();
  const label = (name: string) => ({ SecretId: 'db', VersionStage: name, MoveToVersionId: token('1') });
  for (let count = 2; count <= 20; count += 1) world.call('secretsmanager', 'UpdateSecretVersionStage', label(`kept-${count}`));
  expect(world.refusal('secretsmanager', 'UpdateSecretVersionStage', label('one-more')).code).toBe('LimitExceededException');
});

describe('deletion', () => {
  test('a deleted secret keeps its name until its window is over', async () => {
    create();
    world.call('secretsmanager', 'DeleteSecret', { SecretId: 'db', RecoveryWindowInDays: 7 });
    expect(refused('GetSecretValue')).toMatchObject({
      code: 'InvalidRequestException', message: 'You can\'t perform this operation on the secret because it was marked for deletion.',
    });
    expect(world.refusal('secretsmanager', 'CreateSecret', { Name: 'db' }).message)
      .toBe('You can\'t create this secret because a secret with this name is already scheduled for deletion.');
    await world.advance(7 * DAY_MS);
    expect(refused('DescribeSecret').code).toBe('ResourceNotFoundException');
    expect(create().Name).toBe('db');
  });

  test('a restored secret survives its window', async () => {
    create();
    world.call('secretsmanager', 'DeleteSecret', { SecretId: 'db' });
    world.call('secretsmanager', 'RestoreSecret', { SecretId: 'db' });
    await world.advance(31 * DAY_MS);
    expect(get().SecretString).toBe('first');
  });

  test('a window of less than seven days is refused', () => {
    create();
    expect(refused('DeleteSecret', { RecoveryWindowInDays: 6 }).message).toBe('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  });

  test('a forced deletion hides the secret at once, frees the name a moment later, and can be repeated', async () => {
    create();
    const force = () => world.call('secretsmanager', 'DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true });
    force();
    expect(refused('DescribeSecret').code).toBe('ResourceNotFoundException');
    expect(world.refusal('secretsmanager', 'CreateSecret', { Name: 'db' }).code).toBe('InvalidRequestException');
    await world.advance(5_000);
    expect(force()).toHaveProperty('DeletionDate');
    create();
    expect(get().SecretString).toBe('first');
  });
});

test('where a forced deletion takes no time, the name is free at once', () => {
  const other = new World({ services: [kms, secretsmanager], variants: ['other'] });
  try {
    const make = () => other.call<Made>('secretsmanager', 'CreateSecret', { Name: 'db' }).ARN;
    const first = make();
    other.call('secretsmanager', 'DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true });
    expect(make()).not.toBe(first);
  } finally {
    other.stop();
  }
});

describe('a key of its own', () => {
  const newKey = () => world.call<{ KeyMetadata: { KeyId: string } }>('kms', 'CreateKey').KeyMetadata.KeyId;

  test('the value is not in the state folder, and cannot be read while the key is disabled', () => {
    const KmsKeyId = newKey();
    create({ KmsKeyId, SecretString: 'in the vault' });
    const stored = JSON.stringify(world.kernel.store.dump().filter(({ table }) => table.startsWith('secretsmanager/')));
    expect(stored).not.toContain(Buffer.from('in the vault').toString('base64'));
    expect(get().SecretString).toBe('in the vault');
    world.call('kms', 'DisableKey', { KeyId: KmsKeyId });
    expect(refused('GetSecretValue').code).toBe('DecryptionFailure');
    expect(refused('PutSecretValue', { SecretString: 'x' }).code).toBe('EncryptionFailure');
    world.call('kms', 'EnableKey', { KeyId: KmsKeyId });
    expect(get().SecretString).toBe('in the vault');
  });

  test('with a new key the labelled versions no longer need the old one', () => {
    const KmsKeyId = newKey();
    create({ KmsKeyId });
    world.call('secretsmanager', 'UpdateSecret', { SecretId: 'db', KmsKeyId: newKey() });
    world.call('kms', 'DisableKey', { KeyId: KmsKeyId });
    expect(get().SecretString).toBe('first');
  });

  test('a key that is not there is an encryption failure', () => {
    expect(world.refusal('secretsmanager', 'CreateSecret', { Name: 'x', SecretString: 'y', KmsKeyId: 'alias/none' }).code).toBe('EncryptionFailure');
    expect(world.refusal('secretsmanager', 'DescribeSecret', { SecretId: 'x' }).code).toBe('ResourceNotFoundException');
  });
});

describe('an explicit deny in the resource policy', () => {
  const ROLE = 'arn:aws:iam::123456789012:role/reader';
  const deny = (statement: object) => {
    create();
    const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*', ...statement } });
    world.call('secretsmanager', 'PutResourcePolicy', { SecretId: 'db', ResourcePolicy });
  };
  const readBy = (role: string) => {
    try {
      return world.call<Value>('secretsmanager', 'GetSecretValue', { SecretId: 'db' }, roleSession(role)).SecretString;
    } catch (error) {
      return (error as Error).name;
    }
  };

  test.each(['ArnNotEquals', 'ArnNotLike', 'StringNotEquals', 'StringNotLike', 'StringNotEqualsIfExists'])('%s lets only the named role read', (operator) => {
    deny({ Condition: { [operator]: { 'aws:PrincipalArn': ROLE } } });
    expect([readBy('reader'), readBy('other')]).toEqual(['first', 'AccessDeniedException']);
  });

  test.each(['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'])('%s shuts the named role out', (operator) => {
    deny({ Condition: { [operator]: { 'aws:PrincipalArn': [ROLE] } } });
    expect([readBy('reader'), readBy('other')]).toEqual(['AccessDeniedException', 'first']);
  });

  test('it says who, what and where', () => {
    deny({});
    const { ARN } = world.call<Made>('secretsmanager', 'DescribeSecret', { SecretId: 'db' });
    expect(world.refusal('secretsmanager', 'GetSecretValue', { SecretId: 'db' }, roleSession('reader', 'lambda')).message).toBe(
      'User: arn:aws:sts::123456789012:assumed-role/reader/lambda is not authorized to perform: secretsmanager:GetSecretValue '
      + `on resource: ${ARN} with an explicit deny in a resource-based policy`);
  });

  test('a principal may be a role, its session or its account', () => {
    deny({ Principal: { AWS: [ROLE] } });
    expect([readBy('reader'), readBy('other')]).toEqual(['AccessDeniedException', 'first']);
    world.call('secretsmanager', 'PutResourcePolicy', {
      SecretId: 'db', ResourcePolicy: JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: '*', Resource: '*' }] }),
    });
    expect(readBy('other')).toBe('AccessDeniedException');
  });

  test('another action, or an Allow, denies nothing', () => {
    deny({ Action: ['secretsmanager:Update*', 'secretsmanager:DeleteSecret'] });
    expect(readBy('reader')).toBe('first');
    world.call('secretsmanager', 'PutResourcePolicy', {
      SecretId: 'db', ResourcePolicy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'secretsmanager:*', Resource: '*' }] }),
    });
    expect(readBy('reader')).toBe('first');
  });

  test('a wildcard action denies, whatever its case', () => {
    deny({ Action: 'SecretsManager:get*' });
    expect(readBy('reader')).toBe('AccessDeniedException');
  });

  test('in a batch it is the error of that secret alone', () => {
    deny({});
    create({ Name: 'open' });
    const answer = world.call<{ SecretValues: Made[]; Errors: Array<{ SecretId: string; ErrorCode: string }> }>('secretsmanager', 'BatchGetSecretValue', { SecretIdList: ['db', 'open'] });
    expect(answer.SecretValues.map(({ Name }) => Name)).toEqual(['open']);
    expect(answer.Errors).toMatchObject([{ SecretId: 'db', ErrorCode: 'AccessDeniedException' }]);
  });

  test('a public policy is refused when that was asked for', () => {
    create();
    const ResourcePolicy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' }] });
    expect(refused('PutResourcePolicy', { ResourcePolicy, BlockPublicPolicy: true }).code).toBe('PublicPolicyException');
    expect(refused('PutResourcePolicy', { ResourcePolicy: '{' }).code).toBe('MalformedPolicyDocumentException');
  });
});

test('lists are filtered by name and tag, and leave out what is being deleted', () => {
  create({ Name: 'prod/db', Tags: [{ Key: 'team', Value: 'a' }] });
  create({ Name: 'prod/cache' });
  create({ Name: 'test/db' });
  world.call('secretsmanager', 'DeleteSecret', { SecretId: 'prod/cache' });
  const names = (input: object = {}) => world.call<{ SecretList: Made[] }>('secretsmanager', 'ListSecrets', input).SecretList.map(({ Name }) => Name);
  expect(names()).toEqual(['test/db', 'prod/db']);
  expect(names({ IncludePlannedDeletion: true })).toHaveLength(3);
  expect(names({ Filters: [{ Key: 'name', Values: ['prod/'] }] })).toEqual(['prod/db']);
  expect(names({ Filters: [{ Key: 'name', Values: ['!prod/'] }] })).toEqual(['test/db']);
  expect(names({ Filters: [{ Key: 'tag-key', Values: ['team'] }] })).toEqual(['prod/db']);
});
