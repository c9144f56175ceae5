import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudHSMV2Client, CreateHsmCommand, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { ConnectCustomKeyStoreCommand, KMSClient } from '@aws-sdk/client-kms';
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SETTINGS } from '../../../src/handlers/aws/client-settings';
import { ONCE } from '../../../src/handlers/aws/once';

let server: Server;
let heard: number;
let answer: () => number | undefined;

beforeEach(async () => {
  heard = 0;
  server = createServer((request, response) => {
    heard += 1;
    request.resume().on('end', () => {
      const status = answer();
      if (status === undefined) request.socket.destroy();
      else response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterEach(() => new Promise((closed) => server.close(closed)));

const settings = () => ({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
});

describe.each([
  ['a lost answer', () => undefined],
  ['a server error', () => 500],
  ['throttling', () => 429],
])('%s', (_what, answering) => {
  test.each([
    ['CloudHSM', () => new CloudHSMV2Client({ ...settings(), ...ONCE }).send(new CreateHsmCommand({ ClusterId: 'cluster-abcdefghijk', AvailabilityZone: 'eu-west-1a' }))],
    ['KMS', () => new KMSClient({ ...settings(), ...ONCE }).send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: 'cks-1234567890abcdef0' }))],
    ['Systems Manager', () => new SSMClient({ ...settings(), ...ONCE }).send(new SendCommandCommand({ DocumentName: 'any' }))],
  ])('is not made two by the client of %s', async (_service, call) => {
    answer = answering;

    await expect(call()).rejects.toThrow(expect.objectContaining({ message: expect.not.stringContaining('never repeated') as string }) as Error);

    expect(heard).toBe(1);
  });
});

test('other calls are repeated until they are answered', async () => {
  const answers = [undefined, 500];
  answer = () => (answers.length > 0 ? answers.shift() : 200);

  await new CloudHSMV2Client({ ...settings(), ...SETTINGS }).send(new DescribeClustersCommand({}));

  expect(heard).toBe(3);
});
