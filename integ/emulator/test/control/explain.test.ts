import { raw, signedFor } from './raw';
import { Emulator } from '../../src/index';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' } });
});
afterAll(() => emulator.stop());

/** A call by name, and what is said of it afterwards. */
async function explained(service: string, target: string, input: object) {
  const { headers } = await raw(emulator.endpoint, {
    headers: { ...signedFor(service), 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(input),
  });
  return emulator.explain(String(headers['x-amzn-requestid']));
}

test('a refusal is traced to the row that says so, and to its source', async () => {
  const [refused] = await explained('kms', 'TrentService.DescribeKey', { KeyId: 'alias/absent' });

  expect(refused).toMatchObject({ service: 'kms', operation: 'DescribeKey', error: 'NotFoundException', asked: '{"keyId":"alias/absent"}' });
  expect(refused.rules?.[0]).toEqual({ rule: expect.stringMatching(/^kms\/text-/), basis: expect.any(String), source: expect.any(String) });
});

test('a refusal by the model names the model', async () => {
  const [refused] = await explained('cloudhsm', 'BaldrApiService.DescribeClusters', { MaxResults: 0 });

  expect(refused).toMatchObject({ service: 'cloudhsmv2', asked: '{"maxResults":0}' });
  expect(JSON.stringify(refused.rules)).toMatch(/cloudhsmv2/);
});

test('what is sensitive is not told', async () => {
  const [refused] = await explained('secretsmanager', 'secretsmanager.PutSecretValue', { SecretId: 'absent', SecretString: 'hush' });

  expect(refused.error).toBe('ResourceNotFoundException');
  expect(refused.asked).not.toContain('hush');
});

test('a call that was answered has nothing to explain but who made it and from where', async () => {
  const [made] = await explained('ssm', 'AmazonSSM.DescribeParameters', {});

  expect(made).toMatchObject({ principal: 'arn:aws:iam::123456789012:user/outside', position: 'outside' });
  expect(made.rules).toBeUndefined();
});
