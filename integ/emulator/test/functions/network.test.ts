import { Stage } from './stage';
import type { Service } from '../../src/wire/operation';

/** Just enough of CloudHSM to see who calls. */
const cloudhsm: Service = {
  name: 'cloudhsmv2',
  operations: {
    DescribeClusters: (context) => ({ Clusters: [{ ClusterId: 'cluster-aaaaaaaaaaa', StateMessage: context.caller.principal.arn }] }),
  },
};

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open({ services: [cloudhsm] });
});

afterAll(() => stage.close());

async function run(name: string, code: string): Promise<unknown> {
  await stage.create(name, code);
  const { value, FunctionError } = await stage.invoke(name);
  return FunctionError ? { FunctionError, value } : value;
}

const ARN = 'arn:aws:sts::123456789012:assumed-role/function-role';

test('a client from before AWS_ENDPOINT_URL arrives by the name of the service, as its role', async () => {
  const value = await run('old', `const { CloudHSMV2 } = require('@aws-sdk/client-cloudhsm-v2');
    exports.handler = async () => [
      require('@aws-sdk/client-cloudhsm-v2/package.json').version, (await new CloudHSMV2({}).describeClusters({})).Clusters[0].StateMessage];`);

  expect(value).toEqual(['3.332.0', `${ARN}/old`]);
});

test('a client of today arrives by AWS_ENDPOINT_URL', async () => {
  const value = await run('new', `const { Lambda } = require('@aws-sdk/client-lambda');
    exports.handler = async () => (await new Lambda({}).getFunction({ FunctionName: 'new' })).Configuration.State;`);

  expect(value).toBe('Active');
});

/** An answer of the gateway to a request that nobody signed. */
const HOST = 'cloudhsmv2.us-east-1.amazonaws.com';

test.each([
  ['https', `const https = require('node:https');
    exports.handler = () => new Promise((resolve, reject) => https.get('https://${HOST}/', (response) => {
      const address = response.socket.remoteAddress; response.resume(); response.on('end', () => resolve(address)); }).on('error', reject));`],
  ['fetch', `exports.handler = async () => { const response = await fetch('https://${HOST}/'); await response.text(); return '127.0.0.1'; };`],
  ['http2', `const http2 = require('node:http2');
    exports.handler = () => new Promise((resolve, reject) => {
      const session = http2.connect('https://${HOST}'); session.on('error', reject);
      const request = session.request({ ':path': '/' }); request.resume();
      request.on('end', () => { const address = session.socket.remoteAddress; session.close(); resolve(address); });
    });`],
  ['tls', `const tls = require('node:tls');
    exports.handler = () => new Promise((resolve, reject) => {
      const socket = tls.connect({ host: '${HOST}', port: 443 }, () => { const address = socket.remoteAddress; socket.destroy(); resolve(address); });
      socket.on('error', reject);
    });`],
  ['a name looked up first', `const dns = require('node:dns').promises; const net = require('node:net');
    exports.handler = async () => {
      const { address } = await dns.lookup('${HOST}');
      return new Promise((resolve, reject) => { const socket = net.connect(443, address, () => { socket.destroy(); resolve(address); }).on('error', reject); });
    };`],
])('leads AWS\'s names to the emulator: %s', async (title, code) => {
  expect(await run(`in-${title.replaceAll(' ', '-')}`, code)).toBe('127.0.0.1');
});

test.each([
  ['https', 'exports.handler = () => new Promise((_, reject) => require("node:https").get("https://example.com/").on("error", reject));', 'example.com:443'],
  ['http to AWS', `exports.handler = () => new Promise((_, reject) => require("node:http").get("http://${HOST}/").on("error", reject));`, `${HOST}:80`],
  ['fetch', 'exports.handler = () => fetch("https://example.com/").catch((error) => { throw error.cause; });', 'example.com:443'],
  ['http2', 'exports.handler = () => new Promise((_, reject) => require("node:http2").connect("https://example.com").on("error", reject));', 'example.com:443'],
  ['another port of this machine', 'exports.handler = () => new Promise((_, reject) => require("node:net").connect(5432, "127.0.0.1").on("error", reject));', '127.0.0.1:5432'],
  ['an address', 'exports.handler = () => new Promise((_, reject) => require("node:net").connect(80, "169.254.169.254").on("error", reject));', '169.254.169.254:80'],
  ['a socket file', 'exports.handler = () => new Promise((_, reject) => require("node:net").connect("/var/run/docker.sock").on("error", reject));', '/var/run/docker.sock'],
  ['a name', 'exports.handler = () => require("node:dns").promises.lookup("example.com");', 'example.com'],
  ['a record', 'exports.handler = () => new Promise((_, reject) => require("node:dns").resolveTxt("example.com", reject));', 'example.com'],
  ['UDP', 'exports.handler = () => new Promise((_, reject) => require("node:dgram").createSocket("udp4").send("x", 53, "8.8.8.8", reject));', 'UDP'],
])('refuses the rest of the world: %s', async (title, code, what) => {
  const result = await run(`out-${title.replaceAll(' ', '-')}`, code);

  expect(result).toMatchObject({ FunctionError: 'Unhandled', value: { errorMessage: `[emulator] ${what} is outside` } });
  expect(stage.outsideWorld).toContain(`function out-${title.replaceAll(' ', '-')}: ${what} is outside`);
});

test('a Node.js program that a function starts is kept inside too', async () => {
  const value = await run('parent', `const { execFileSync } = require('node:child_process');
    const program = 'fetch("https://example.com/").catch((error) => console.log(error.cause.message))';
    exports.handler = async () => execFileSync(process.execPath, ['-e', program]).toString().trim();`);

  expect(value).toBe('[emulator] example.com:443 is outside');
});

test('sockets that are kept alive do not keep a function busy', async () => {
  const value = await run('idle', `const { CloudHSMV2 } = require('@aws-sdk/client-cloudhsm-v2');
    const client = new CloudHSMV2({});
    exports.handler = async () => {
      const start = Date.now();
      for (let i = 0; i < 5; i++) { await client.describeClusters({}); await fetch('https://${HOST}/').then((r) => r.text());
        await new Promise((resolve) => setTimeout(resolve, 60_000)); }
      return Date.now() - start;
    };`);

  expect(value).toBe(300_000);
});
