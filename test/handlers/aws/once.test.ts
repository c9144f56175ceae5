import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudHSMV2Client, CreateHsmCommand } from '@aws-sdk/client-cloudhsm-v2';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ONCE } from '../../../src/handlers/aws/once';

let server: Server;
let requests: number;
let respond: (response: ServerResponse) => void;

beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    requests += 1;
    request.resume();
    request.on('end', () => respond(response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const settings = () => ({
  ...ONCE, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' },
});

const answered = (status: number, code: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code });
  response.end(JSON.stringify({ __type: code, message: 'later' }));
};

const CALLS: ReadonlyArray<[string, () => Promise<unknown>]> = [
  ['CreateHsm', async () => new CloudHSMV2Client(settings()).send(new CreateHsmCommand({ ClusterId: 'cluster-aaaaaaaaaaa', AvailabilityZone: 'eu-west-1b' }))],
  ['SendCommand', async () => new SSMClient(settings()).send(new SendCommandCommand({ DocumentName: 'Document', InstanceIds: ['i-0123456789abcdef0'] }))],
  ['CreateKey', async () => new KMSClient(settings()).send(new CreateKeyCommand({}))],
];

const FAILURES: ReadonlyArray<[string, (response: ServerResponse) => void]> = [
  ['the connection is cut', (response) => response.destroy()],
  ['the service has an error of its own', answered(500, 'InternalFailure')],
  ['it is throttled', answered(400, 'ThrottlingException')],
];

test.each(CALLS.flatMap(([name, call]) => FAILURES.map(([what, fail]) => ({ name, call, what, fail }))))(
  '$name is not made again by itself when $what: it may have been carried out', async ({ call, fail }) => {
    respond = fail;

    await expect(call()).rejects.toThrow();

    expect(requests).toBe(1);
  });
