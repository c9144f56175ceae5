import { kms } from '../../src/services/kms/service';
import { logs } from '../../src/services/logs/service';
import { World } from '../_helpers/world';

const GROUP = { logGroupName: '/aws/orders' };
const ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/orders';

let world: World;

beforeEach(() => {
  world = new World({ services: [kms, logs] });
});
afterEach(() => world.stop());

/** A key of the account, and whoever else its policy lets in. */
function key(...others: object[]): string {
  const account = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' };
  const { KeyMetadata } = world.call<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [account, ...others] }),
  });
  return KeyMetadata.Arn;
}

const service = (Service: string, Condition?: object) => ({
  Effect: 'Allow', Principal: { Service }, Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:GenerateDataKey*'], Resource: '*', ...(Condition ? { Condition } : {}),
});
const forGroup = (arn: string) => ({ ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } });
const keyOf = () => world.call<{ logGroups: Array<{ kmsKeyId?: string }> }>('logs', 'DescribeLogGroups', {}).logGroups.map(({ kmsKeyId }) => kmsKeyId);

test.each<[string, object]>([
  ['lets the service in', service('logs.us-east-1.amazonaws.com')],
  ['lets it in for this group', service('logs.us-east-1.amazonaws.com', forGroup('arn:aws:logs:us-east-1:123456789012:log-group:/aws/*'))],
])('a group is encrypted with a key whose policy %s', (_, statement) => {
  const kmsKeyId = key(statement);

  world.call('logs', 'CreateLogGroup', { ...GROUP, kmsKeyId });

  expect(keyOf()).toEqual([kmsKeyId]);
});

test.each<[string, () => string]>([
  ['does not know the service', () => key()],
  ['knows it in another region', () => key(service('logs.eu-west-1.amazonaws.com'))],
  ['lets it in for other groups', () => key(service('logs.us-east-1.amazonaws.com', forGroup('arn:aws:logs:us-east-1:123456789012:log-group:/other/*')))],
  ['nobody has made', () => 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000'],
])('no group is made or changed with a key that %s', (_, made) => {
  const kmsKeyId = made();
  const refused = `The specified KMS key does not exist or is not allowed to be used with Arn '${ARN}'`;

  expect(() => world.call('logs', 'CreateLogGroup', { ...GROUP, kmsKeyId })).toThrow(expect.objectContaining({ name: 'AccessDeniedException', message: refused }));
  expect(keyOf()).toEqual([]);
  world.call('logs', 'CreateLogGroup', GROUP);
  expect(() => world.call('logs', 'AssociateKmsKey', { ...GROUP, kmsKeyId })).toThrow(refused);
  expect(keyOf()).toEqual([undefined]);
});

test('a key is taken for what comes, and away again', () => {
  const kmsKeyId = key(service('logs.us-east-1.amazonaws.com'));
  world.call('logs', 'CreateLogGroup', GROUP);

  world.call('logs', 'AssociateKmsKey', { ...GROUP, kmsKeyId });
  expect(keyOf()).toEqual([kmsKeyId]);
  world.call('logs', 'DisassociateKmsKey', GROUP);
  expect(keyOf()).toEqual([undefined]);
});
