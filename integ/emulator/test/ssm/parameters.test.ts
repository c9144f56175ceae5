import { ssm } from '../../src/services/ssm/service';
import { ServiceError } from '../../src/wire/operation';
import type { Service } from '../../src/wire/operation';
import { World } from '../_helpers/world';
import { fakeNeighbours } from '../instances/station';

/** KMS as far as parameters ask it: the ciphertext says what it was made with. */
const kms: Service = {
  name: 'kms',
  operations: {
    Encrypt: (_, { KeyId, Plaintext, EncryptionContext }: { KeyId: string; Plaintext: Buffer; EncryptionContext: object }) => {
      if (KeyId === 'alias/missing') throw new ServiceError('NotFoundException', 'Alias arn:… is not found.');
      return { CiphertextBlob: Buffer.from(JSON.stringify([KeyId, Plaintext.toString('base64'), EncryptionContext])) };
    },
    Decrypt: (_, { CiphertextBlob, EncryptionContext }: { CiphertextBlob: Buffer; EncryptionContext: object }) => {
      const [, plaintext, context] = JSON.parse(CiphertextBlob.toString()) as [string, string, object];
      if (JSON.stringify(context) !== JSON.stringify(EncryptionContext)) throw new ServiceError('InvalidCiphertextException', '');
      return { Plaintext: Buffer.from(plaintext, 'base64') };
    },
  },
};

let world: World;

beforeEach(() => {
  world = new World({ services: [ssm, kms, ...fakeNeighbours([])] });
});
afterEach(() => world.stop());

function put(Name: string, Value: string, more: object = {}): { Version: number; Tier: string } {
  return world.call('ssm', 'PutParameter', { Name, Value, Type: 'String', ...more });
}

function get(Name: string, more: object = {}): Record<string, unknown> {
  return world.call<{ Parameter: Record<string, unknown> }>('ssm', 'GetParameter', { Name, ...more }).Parameter;
}

describe('PutParameter', () => {
  test('creates and overwrites, version by version', () => {
    expect(put('/a/b', 'one')).toEqual({ Version: 1, Tier: 'Standard' });
    expect(put('/a/b', 'two', { Overwrite: true })).toEqual({ Version: 2, Tier: 'Standard' });
    expect(get('/a/b')).toMatchObject({ Name: '/a/b', Type: 'String', Value: 'two', Version: 2, ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/a/b', DataType: 'text' });
  });

  test('without Overwrite creates or fails and changes nothing', () => {
    put('/lease/1', 'mine');

    expect(world.refusal('ssm', 'PutParameter', { Name: '/lease/1', Value: 'yours', Type: 'String' })).toMatchObject({
      code: 'ParameterAlreadyExists', message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    });
    expect(get('/lease/1')).toMatchObject({ Value: 'mine', Version: 1 });
  });

  test.each([
    ['a name under /aws', { Name: '/AWS/x', Value: 'v', Type: 'String' }, 'AccessDeniedException'],
    ['a name that begins with ssm', { Name: 'ssm-x', Value: 'v', Type: 'String' }, 'ValidationException'],
    ['blanks in the name', { Name: '/a b', Value: 'v', Type: 'String' }, 'ValidationException'],
    ['a path without its first slash', { Name: 'a/b', Value: 'v', Type: 'String' }, 'ValidationException'],
    ['sixteen levels', { Name: '/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16', Value: 'v', Type: 'String' }, 'HierarchyLevelLimitExceededException'],
    ['no type', { Name: '/x', Value: 'v' }, 'ValidationException'],
    ['an empty value', { Name: '/x', Value: '', Type: 'String' }, 'ValidationException'],
    ['a nested reference', { Name: '/x', Value: '{{ssm:y}}', Type: 'String' }, 'ValidationException'],
    ['4,097 characters in the standard tier', { Name: '/x', Value: 'v'.repeat(4_097), Type: 'String' }, 'ValidationException'],
    ['8,193 characters in the advanced tier', { Name: '/x', Value: 'v'.repeat(8_193), Type: 'String', Tier: 'Advanced' }, 'ValidationException'],
    ['a value that its pattern matches in part', { Name: '/x', Value: '10,000', Type: 'String', AllowedPattern: '\\d{1,4}' }, 'ParameterPatternMismatchException'],
    ['a pattern that is none', { Name: '/x', Value: 'v', Type: 'String', AllowedPattern: '(' }, 'InvalidAllowedPatternException'],
    ['tags together with Overwrite', { Name: '/x', Value: 'v', Type: 'String', Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException'],
    ['an image that is none', { Name: '/x', Value: 'image', Type: 'String', DataType: 'aws:ec2:image' }, 'ValidationException'],
    ['a key that is not there', { Name: '/x', Value: 'v', Type: 'SecureString', KeyId: 'alias/missing' }, 'InvalidKeyId'],
  ])('refuses %s', (_, input, code) => {
    expect(world.refusal('ssm', 'PutParameter', input).code).toBe(code);
    expect(world.refusal('ssm', 'GetParameter', { Name: input.Name }).code).toBe('ParameterNotFound');
  });

  test('takes fifteen levels, 4,096 characters and a list whose items match', () => {
    expect(put('/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15', 'v'.repeat(4_096)).Tier).toBe('Standard');
    expect(put('/list', 'a,b', { Type: 'StringList', AllowedPattern: '[ab]' }).Version).toBe(1);
  });

  test('moves up a tier by itself only when told to, and never down', () => {
    expect(put('/t', 'v', { Tier: 'Intelligent-Tiering' }).Tier).toBe('Standard');
    expect(put('/t', 'v'.repeat(5_000), { Tier: 'Intelligent-Tiering', Overwrite: true }).Tier).toBe('Advanced');
    expect(put('/t', 'v', { Overwrite: true }).Tier).toBe('Advanced');
    expect(world.refusal('ssm', 'PutParameter', { Name: '/t', Value: 'v', Tier: 'Standard', Overwrite: true }).message).toContain('can\'t downgrade');
  });

  test('refuses another type for a parameter that is there', () => {
    put('/x', 'v');

    expect(world.refusal('ssm', 'PutParameter', { Name: '/x', Value: 'v', Type: 'SecureString', Overwrite: true }).code).toBe('HierarchyTypeMismatchException');
  });

  test('keeps a hundred versions, and never drops a labelled one', () => {
    put('/x', '1');
    for (let version = 2; version <= 101; version++) put('/x', String(version), { Overwrite: true });

    expect(world.refusal('ssm', 'GetParameter', { Name: '/x:1' }).code).toBe('ParameterVersionNotFound');
    expect(get('/x:2').Value).toBe('2');
    world.call('ssm', 'LabelParameterVersion', { Name: '/x', ParameterVersion: 2, Labels: ['keep'] });
    expect(world.refusal('ssm', 'PutParameter', { Name: '/x', Value: 'more', Overwrite: true }).code).toBe('ParameterMaxVersionLimitExceeded');
  });
});

describe('SecureString', () => {
  test('is encrypted under its ARN and decrypted only when asked', () => {
    put('/s', 'secret', { Type: 'SecureString', KeyId: 'alias/mine' });
    const value = get('/s').Value as string;

    expect(JSON.parse(Buffer.from(value, 'base64').toString())).toEqual(['alias/mine', Buffer.from('secret').toString('base64'), { PARAMETER_ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/s' }]);
    expect(get('/s', { WithDecryption: true }).Value).toBe('secret');
  });

  test('is kept without KMS where there is none', () => {
    const lonely = new World({ services: [ssm] });
    lonely.call('ssm', 'PutParameter', { Name: '/s', Value: 'secret', Type: 'SecureString' });
    const read = (WithDecryption: boolean) => lonely.call<{ Parameter: { Value: string } }>('ssm', 'GetParameter', { Name: '/s', WithDecryption }).Parameter.Value;

    expect(read(true)).toBe('secret');
    expect(read(false)).not.toContain('secret');
    lonely.stop();
  });
});

describe('names of versions', () => {
  test('GetParameter takes a version, a label and an ARN', () => {
    put('plain', 'one');
    put('plain', 'two', { Overwrite: true });
    world.call('ssm', 'LabelParameterVersion', { Name: 'plain', ParameterVersion: 1, Labels: ['old'] });

    expect(get('plain:1')).toMatchObject({ Value: 'one', Selector: ':1' });
    expect(get('plain:old')).toMatchObject({ Value: 'one', Selector: ':old' });
    expect(get('arn:aws:ssm:us-east-1:123456789012:parameter/plain').Value).toBe('two');
    expect(world.refusal('ssm', 'GetParameter', { Name: 'plain:9' })).toMatchObject({
      code: 'ParameterVersionNotFound', message: 'Systems Manager could not find version 9 of plain. Verify the version and try again.',
    });
  });

  test('a label moves to the version it is given to, and can be taken away', () => {
    put('/x', '1');
    put('/x', '2', { Overwrite: true });
    world.call('ssm', 'LabelParameterVersion', { Name: '/x', ParameterVersion: 1, Labels: ['live'] });

    expect(world.call('ssm', 'LabelParameterVersion', { Name: '/x', Labels: ['live', '1no'] })).toEqual({ InvalidLabels: ['1no'], ParameterVersion: 2 });
    expect(get('/x:live').Value).toBe('2');
    expect(world.call('ssm', 'UnlabelParameterVersion', { Name: '/x', ParameterVersion: 2, Labels: ['live', 'other'] })).toEqual({ RemovedLabels: ['live'], InvalidLabels: ['other'] });
    expect(world.refusal('ssm', 'GetParameter', { Name: '/x:live' }).code).toBe('ParameterVersionNotFound');
  });

  test('GetParameterHistory tells them all, oldest first', () => {
    put('/x', '1');
    put('/x', '2', { Overwrite: true });

    expect(world.call<{ Parameters: object[] }>('ssm', 'GetParameterHistory', { Name: '/x' }).Parameters).toMatchObject([{ Value: '1', Version: 1, Labels: [] }, { Value: '2', Version: 2 }]);
  });
});

describe('several parameters', () => {
  beforeEach(() => ['/a/1', '/a/2', '/a/b/3', '/c'].forEach((name) => put(name, `of ${name}`, { Tags: [{ Key: 'level', Value: String(name.split('/').length) }] })));

  const names = (operation: string, input: object): string[] => world.call<{ Parameters: Array<{ Name: string }> }>('ssm', operation, input).Parameters.map(({ Name }) => Name);

  test('GetParameters lists names that mean nothing', () => {
    expect(world.call('ssm', 'GetParameters', { Names: ['/c', '/nope', '/a/1'] })).toMatchObject({ Parameters: [{ Name: '/a/1' }, { Name: '/c' }], InvalidParameters: ['/nope'] });
  });

  test('GetParametersByPath goes one level deep, or all', () => {
    expect(names('GetParametersByPath', { Path: '/a' })).toEqual(['/a/1', '/a/2']);
    expect(names('GetParametersByPath', { Path: '/a/', Recursive: true })).toEqual(['/a/1', '/a/2', '/a/b/3']);
    expect(names('GetParametersByPath', { Path: '/', Recursive: true })).toHaveLength(4);
  });

  test('pages hold what they are told and lead to the next', () => {
    const first = world.call<{ Parameters: object[]; NextToken: string }>('ssm', 'GetParametersByPath', { Path: '/', Recursive: true, MaxResults: 3 });
    const second = world.call<{ Parameters: object[]; NextToken?: string }>('ssm', 'GetParametersByPath', { Path: '/', Recursive: true, MaxResults: 3, NextToken: first.NextToken });

    expect([first.Parameters.length, second.Parameters.length, second.NextToken]).toEqual([3, 1, undefined]);
  });

  test.each([
    [[{ Key: 'Name', Option: 'BeginsWith', Values: ['/a/'] }], ['/a/1', '/a/2', '/a/b/3']],
    [[{ Key: 'Name', Option: 'Contains', Values: ['b'] }], ['/a/b/3']],
    [[{ Key: 'Path', Option: 'OneLevel', Values: ['/a'] }], ['/a/1', '/a/2']],
    [[{ Key: 'tag:level', Values: ['2'] }], ['/c']],
    [[{ Key: 'Type', Values: ['SecureString'] }], []],
  ])('DescribeParameters filters by %j', (ParameterFilters, expected) => {
    expect(names('DescribeParameters', { ParameterFilters })).toEqual(expected);
  });

  test('DeleteParameter and DeleteParameters delete what is there', () => {
    world.call('ssm', 'DeleteParameter', { Name: '/c' });

    expect(world.refusal('ssm', 'DeleteParameter', { Name: '/c' }).code).toBe('ParameterNotFound');
    expect(world.call('ssm', 'DeleteParameters', { Names: ['/a/1', '/c'] })).toEqual({ DeletedParameters: ['/a/1'], InvalidParameters: ['/c'] });
    expect(put('/c', 'again').Version).toBe(1);
  });

  test('tags are put, listed and removed', () => {
    const resource = { ResourceType: 'Parameter', ResourceId: '/c' };
    world.call('ssm', 'AddTagsToResource', { ...resource, Tags: [{ Key: 'x', Value: '1' }] });
    world.call('ssm', 'RemoveTagsFromResource', { ...resource, TagKeys: ['level'] });

    expect(world.call('ssm', 'ListTagsForResource', resource)).toEqual({ TagList: [{ Key: 'x', Value: '1' }] });
    expect(world.refusal('ssm', 'ListTagsForResource', { ...resource, ResourceId: '/nope' }).code).toBe('InvalidResourceId');
  });
});

describe('public parameters', () => {
  test('name the newest image that EC2 has', () => {
    expect(get('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64')).toMatchObject({
      Value: 'ami-00000000000000001', DataType: 'aws:ec2:image', ARN: 'arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    });
    expect(get('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64').Value).toBe('ami-00000000000000002');
  });

  test('know regions, and refuse what is not published', () => {
    expect(get('/aws/service/global-infrastructure/current-region').Value).toBe('us-east-1');
    expect(get('/aws/service/global-infrastructure/regions/eu-west-1').Value).toBe('eu-west-1');
    expect(world.refusal('ssm', 'GetParameter', { Name: '/aws/service/nothing' }).code).toBe('ParameterNotFound');
  });
});
