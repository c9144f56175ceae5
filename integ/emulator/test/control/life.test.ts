import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Emulator } from '../../src/index';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'emulator-life-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function clientOf({ endpoint, region }: Emulator): SQSClient {
  return new SQSClient({ endpoint, region, credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' } });
}

const queues = async (emulator: Emulator) => ((await clientOf(emulator).send(new ListQueuesCommand({}))).QueueUrls ?? []).map((url) => url.split('/').pop());

/** What keeps a process alive, apart from what Jest itself has open. */
const open = () => process.getActiveResourcesInfo().filter((kind) => /Server|Timeout|Process|FSEvent/.test(kind)).sort();

test('two at once know nothing of each other', async () => {
  const [one, other] = [await Emulator.start({ region: 'us-east-1' }), await Emulator.start({ region: 'us-east-1' })];

  await clientOf(one).send(new CreateQueueCommand({ QueueName: 'of-one' }));

  expect(await queues(one)).toEqual(['of-one']);
  expect(await queues(other)).toEqual([]);
  expect(one.token).not.toBe(other.token);
  await Promise.all([one.stop(), other.stop()]);
});

test('what was there at a snapshot is there again for everybody who begins with it, and stays as it was', async () => {
  const snapshot = join(home, 'snapshot');
  const first = await Emulator.start({ region: 'us-east-1' });
  await clientOf(first).send(new CreateQueueCommand({ QueueName: 'before' }));
  first.snapshot(snapshot);
  await first.stop();

  for (const name of ['after', 'after-again']) {
    const next = await Emulator.start({ region: 'us-east-1', from: snapshot });
    expect(await queues(next)).toEqual(['before']);
    await clientOf(next).send(new CreateQueueCommand({ QueueName: name }));
    await next.stop();
  }
});

test('nothing is open any more when it has stopped, not even what waited for it to be idle', async () => {
  const before = open();
  const emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' } });
  const client = clientOf(emulator);
  await client.send(new CreateQueueCommand({ QueueName: 'topic' }));
  client.destroy();

  await emulator.stop();
  await emulator.idle();

  expect(open()).toEqual(before);
});

test('it is gone at the end of a block that disposes of it', async () => {
  const emulator = await Emulator.start({ region: 'us-east-1' });
  const { endpoint } = emulator;

  await emulator[Symbol.asyncDispose]();

  await expect(fetch(endpoint)).rejects.toThrow();
});

test('whoever stops it, first or not, waits until it has stopped', async () => {
  const emulator = await Emulator.start({ region: 'us-east-1', state: join(home, 'state') });

  void emulator.stop();
  await emulator.stop();

  const again = await Emulator.start({ region: 'us-east-1', state: join(home, 'state') });
  await again.stop();
});
