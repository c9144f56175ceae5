import { connect } from 'node:net';
import { raw, signedFor } from './raw';
import { Emulator } from '../../src/index';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' } });
});
afterAll(() => emulator.stop());

const listing = { body: '{}', headers: { ...signedFor('ssm'), 'x-amz-target': 'AmazonSSM.DescribeParameters', 'content-type': 'application/x-amz-json-1.1' } };

describe('whose name a request gives', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'evilamazonaws.com', 'amazonaws.com.evil.example', '10.0.0.1', '0.0.0.0', 'localhost.evil.example'])(
    'a page under the name %s that leads here is not answered', async (host) => {
      const { status, text } = await raw(emulator.endpoint, { ...listing, headers: { ...listing.headers, host } });

      expect(status).toBe(403);
      expect(text).toMatch(/^\[emulator\] .* is no name of this emulator/);
    });

  test.each(['127.0.0.1:4566', 'localhost', 'LOCALHOST:1', '[::1]:80', 'ssm.eu-west-1.amazonaws.com', 'ssm.us-east-1.api.aws'])('%s is answered', async (host) => {
    expect((await raw(emulator.endpoint, { ...listing, headers: { ...listing.headers, host } })).status).toBe(200);
  });

  test.each(['bucket-one.s3.us-east-1.amazonaws.com', 'bucket-one.localhost', 'bucket-one.s3.localhost'])('the bucket may stand in the name: %s', async (host) => {
    const headers = { ...signedFor('s3'), host };
    await raw(emulator.endpoint, { method: 'PUT', headers });

    expect((await raw(emulator.endpoint, { method: 'HEAD', headers })).status).toBe(200);
  });
});

test('a request with two names is not answered: who reads the first and who reads the last would disagree', async () => {
  const { hostname, port } = new URL(emulator.endpoint);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('close', () => resolve(text));
  });

  expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*a request has one Host/);
});

describe('a page of another origin', () => {
  const form = { body: 'Action=CreateTopic&Version=2010-03-31&Name=by-a-page', headers: { 'content-type': 'application/x-www-form-urlencoded' } };

  test.each([{ origin: 'http://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])(
    'cannot make a call by a form, which needs no preflight: %j', async (said) => {
      const { status } = await raw(emulator.endpoint, { ...form, headers: { ...form.headers, ...said } });
      const topics = await raw(emulator.endpoint, { ...form, headers: { ...form.headers, ...signedFor('sns') }, body: 'Action=ListTopics&Version=2010-03-31' });

      expect(status).toBe(403);
      expect(topics.status).toBe(200);
      expect(topics.text).not.toContain('by-a-page');
    });

  test('gets no CORS header, whatever it asks for', async () => {
    const { status, headers } = await raw(emulator.endpoint, {
      method: 'OPTIONS', headers: { 'origin': emulator.endpoint, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-amz-target' },
    });

    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('the control door', () => {
  const commands = ['health', 'report', 'snapshot', 'stop', 'constructor', '__proto__'];

  test.each(commands)('%s needs the token', async (command) => {
    const path = `/_emulator/${command}`;

    expect((await raw(emulator.endpoint, { path, body: '{}' })).status).toBe(401);
    expect((await raw(emulator.endpoint, { path, body: '{}', headers: { 'x-emulator-token': `${emulator.token}x` } })).status).toBe(401);
  });

  test('is opened by the token in the environment', async () => {
    const headers = { 'x-emulator-token': emulator.environment.CLOUDHSM_EMULATOR_TOKEN };

    expect((await raw(emulator.endpoint, { path: '/_emulator/health', headers })).status).toBe(200);
    expect((await raw(emulator.endpoint, { path: '/_emulator/health', headers, method: 'PUT' })).status).toBe(405);
  });

  test.each(['constructor', '__proto__', 'toString'])('has no command %s, which every object has', async (command) => {
    const { status } = await raw(emulator.endpoint, { path: `/_emulator/${command}`, headers: { 'x-emulator-token': emulator.token } });

    expect(status).toBe(404);
  });
});

describe('what is too large', () => {
  test('a body that says so is not read', async () => {
    const length = String(129 * 1024 * 1024);
    const { status, text } = await raw(emulator.endpoint, {
      headers: { ...listing.headers, 'content-length': length, 'expect': '100-continue' },
    }).catch((error: NodeJS.ErrnoException) => ({ status: 0, text: String(error.code) }));

    expect(text).toContain('the body is larger than the emulator takes');
    expect(status).toBe(400);
  });

  test('headers are refused', async () => {
    expect((await raw(emulator.endpoint, { ...listing, headers: { ...listing.headers, 'x-large': 'x'.repeat(40_000) } })).status).toBe(431);
  });
});
