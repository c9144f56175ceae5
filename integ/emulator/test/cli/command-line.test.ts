import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { said } from './said';
import { Emulator } from '../../src';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulator-words-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PASS = ['--', process.execPath, '-e', ''];

test.each([['help'], ['--help'], ['-h'], ['start', '--help'], ['run', '-h'], []])('%s %s prints how it is used', async (...args: string[]) => {
  const { code, output } = await said(...args);

  expect(code).toBe(0);
  expect(output).toMatch(/start \[options\][^]*--organization FILE/);
});

test('--version prints the version', async () => {
  expect((await said('--version')).output).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('what stands behind -- is the command\'s, also its --help', async () => {
  const file = join(folder, 'helped');
  const script = `require("fs").writeFileSync(${JSON.stringify(file)}, process.argv[1])`;

  await said('run', '--bootstrap', 'none', '--', process.execPath, '-e', script, '--', '--help');

  expect(readFileSync(file, 'utf8')).toBe('--help');
});

test.each([
  { args: ['clock', 'advance', '10s', 'junk'], says: /junk is too much; usage: clock advance/ },
  { args: ['clock', 'advance', '4000d'], says: /time is moved by at most 3660d at once, got 4000d/ },
  { args: ['inspect', '--bogus'], says: /--bogus[^]*usage: inspect --json/ },
  { args: ['reset', 'x'], says: /x is too much; usage: reset/ },
  { args: ['start', '--port', '99999'], says: /--port must be a whole number up to 65535, got 99999/ },
  { args: ['inspect', '--port', '70000'], says: /--port must be a whole number up to 65535, got 70000/ },
  { args: ['run', '--bootstrap', 'bad!', ...PASS], says: /a qualifier has 1 to 10 letters, digits, hyphens and underscores.*got bad!/ },
  { args: ['run', '--report', '/proc/none/report.json', ...PASS], says: /--report \/proc\/none\/report\.json cannot be written: .*name a file/ },
  { args: ['start', '--fault', '--service bogus --operation Nope --kind whatever'], says: /the service of a fault is one of .*cloudhsmv2.*; got bogus/ },
  { args: ['start', '--fault', '--service cloudhsm --operation CreateHSM --kind error'], says: /the operation of a fault of cloudhsmv2 is .*hsm-created.*; got CreateHSM/ },
  { args: ['start', '--fault', '--service kms --operation key-store-login --kind lost'], says: /the kind of a fault of kms key-store-login is never or error; got lost/ },
  { args: ['fault', 'add', '--service', 'kms', '--operation', 'Decrypt', '--kind', 'error', '--nth', 'abc'], says: /--nth must be a whole number, got abc/ },
  { args: ['fault', 'add', '--service', 'kms', '--operation', 'Decrypt', '--kind', 'error', '--nth', '0'], says: /nth of a fault is a whole number from 1/ },
])('$args is refused with what is allowed', async ({ args, says }) => {
  const { code, errorOutput } = await said(...args);

  expect(errorOutput).toMatch(says);
  expect(code).toBe(2);
});

test('a fault may be given in an argument of its own', async () => {
  const call = 'fetch(process.env.AWS_ENDPOINT_URL,{method:"POST",body:"{}",headers:{"x-amz-target":"TrentService.ListKeys","content-type":"application/x-amz-json-1.1",'
    + 'authorization:"AWS4-HMAC-SHA256 Credential=1/20260101/us-east-1/kms/aws4_request"}}).then(() => process.exit(1), () => process.exit(0))';

  const { code } = await said('run', '--bootstrap', 'none', '--fault', '--service kms --operation ListKeys --kind lost-answer', '--', process.execPath, '-e', call);

  expect(code).toBe(0);
});

test('a command that is not there ends with 127, and no screen says that something went wrong which did not', async () => {
  const { code, errorOutput } = await said('run', '--bootstrap', 'none', '--', 'no-such-program');

  expect(code).toBe(127);
  expect(errorOutput).toMatch(/no-such-program: command not found/);
  expect(errorOutput).toMatch(/no stack failed, and no call was refused or lost/);
});

describe('an emulator that runs', () => {
  let emulator: Emulator;
  let port: string;
  const token = process.env.CLOUDHSM_EMULATOR_TOKEN;

  beforeAll(async () => {
    emulator = await Emulator.start({ region: 'us-east-1', bootstrap: ['none'], clock: { kind: 'manual' } });
    port = new URL(emulator.endpoint).port;
    process.env.CLOUDHSM_EMULATOR_TOKEN = emulator.token;
  });
  afterAll(async () => {
    if (token === undefined) delete process.env.CLOUDHSM_EMULATOR_TOKEN;
    else process.env.CLOUDHSM_EMULATOR_TOKEN = token;
    await emulator.stop();
  });

  test('is found by its port', async () => {
    expect(JSON.parse((await said('inspect', '--json', '--port', port)).output)).toMatchObject({ version: 1 });
    expect((await said('fault', 'clear', `--port=${port}`)).code).toBe(0);
    expect((await said('clock', 'advance', '5s', '--port', port)).output).toMatch(/emulatedSeconds/);
  });

  test('says that its port is taken to whoever wants it too', async () => {
    const { code, errorOutput } = await said('start', '--port', port);

    expect(code).toBe(1);
    expect(errorOutput).toContain(`port ${port} is taken; choose another`);
  });

  test.each([
    ['cluster=NONSENSE', /the state of a cluster is one of .*UNINITIALIZED.*got NONSENSE/], ['hsm=READY', /one of .*DEGRADED/],
    ['stack=DONE', /one of .*CREATE_COMPLETE/], ['keystore=ON', /one of .*CONNECTED/], ['key=Enabled', /a condition is cluster, hsm, stack or keystore/],
  ])('does not wait for %s, which never comes', async (condition, says) => {
    expect((await said('clock', 'until', condition, '--port', port)).errorOutput).toMatch(says);
  });

  test('says where a snapshot cannot be', async () => {
    const { code, errorOutput } = await said('snapshot', 'save', '/proc/foo/bar', '--port', port);

    expect(code).toBe(1);
    expect(errorOutput).toMatch(/the folder \/proc\/foo\/bar cannot be made: .*name one in a place that you may write to/);
    expect(existsSync('/proc/foo')).toBe(false);
  });

  test.each([Number.NaN, -5, 0.5, Infinity, 1e18])('does not move time by %p', async (milliseconds) => {
    const before = emulator.kernel.now;

    await expect(emulator.advance(milliseconds)).rejects.toThrow(/from 0 to 316224000000, got/);

    expect(emulator.kernel.now).toBe(before);
  });

  test('does not take a text for a number of milliseconds', async () => {
    const answer = await fetch(`${emulator.endpoint}/_emulator/advance`, { method: 'POST', headers: { 'x-emulator-token': emulator.token }, body: '{"milliseconds":"abc"}' });

    expect(answer.status).toBe(400);
    expect(await (await fetch(`${emulator.endpoint}/_emulator/health`, { method: 'POST', headers: { 'x-emulator-token': emulator.token } })).json())
      .toMatchObject({ emulatedSeconds: emulator.kernel.now / 1000 });
  });
});

test('an emulator that could not begin leaves nothing open', async () => {
  const servers = () => process.getActiveResourcesInfo().filter((kind) => /Server/.test(kind)).length;
  // What is closed is gone a moment later, also what tests before had.
  const moment = async () => new Promise((soon) => setTimeout(soon, 20));
  await moment();
  const before = servers();

  // The bucket of this qualifier has no name that S3 takes.
  await expect(Emulator.start({ region: 'us-east-1', bootstrap: ['UPPER'] })).rejects.toThrow(/bucket/i);

  await moment();
  expect(servers()).toBe(before);
});
