import { ADMIN, Lab, labAt, PASSWORD } from './lab';
import type { CliOptions } from './lab';
import { BLOCKED } from './neighbours';
import type { RunOutput } from '../../src/services/cloudhsm/client/input';
import { outside } from '../_helpers/world';

let lab: Lab;
let clusterId: string;

const APP = ['crypto-user', 'app:AppPassword1'] as const;
const createApp = ['user', 'create', '--username', 'app', '--role', 'crypto-user', '--password', 'AppPassword1'];

/** Envelopes of refusals, whose texts nobody may match on. */
function failed(argv: string[], options: CliOptions = {}): unknown {
  const { error_code: code, data, exitCode } = lab.cli(clusterId, argv, options);
  expect([code, exitCode]).toEqual([1, 1]);
  return data;
}

describe('with one HSM', () => {
  beforeEach(async () => {
    ({ lab, clusterId } = await labAt('initialized'));
  });

  afterEach(() => lab.stop());

  test('prints its version and help', () => {
    expect(lab.run(clusterId, ['--version']).stdout).toBe('cloudhsm-cli 5.18.0\n');
    expect(lab.run(clusterId, ['--help']).stdout).toContain('user change-password');
    expect(lab.run(clusterId, ['user', 'create', '--help']).stdout).toContain('--username');
  });

  test('activates from typed passwords, asking twice before anything happens', () => {
    expect(lab.run(clusterId, ['cluster', 'activate'])).toMatchObject({ prompt: { text: 'Enter password:', echo: false }, chargeMs: 0 });
    expect(lab.run(clusterId, ['cluster', 'activate'], { answers: [PASSWORD] })).toMatchObject({ prompt: { text: 'Confirm password:', echo: false } });
    expect(failed(['cluster', 'activate'], { answers: [PASSWORD, 'different1'] })).toMatch(/match/);
    expect(lab.users(clusterId)[0].role).toBe('unactivated-admin');

    expect(lab.cli(clusterId, ['cluster', 'activate'], { answers: [PASSWORD, PASSWORD] }).error_code).toBe(0);
    expect(lab.users(clusterId)[0].role).toBe('admin');
  });

  test('activates once', () => {
    lab.cli(clusterId, ['cluster', 'activate', '--password', PASSWORD]);

    expect(failed(['cluster', 'activate', '--password', 'Another12'])).toMatch(/activated already/);
    expect(lab.cli(clusterId, ['key', 'list'], { as: ADMIN }).error_code).toBe(0);
  });

  test.each(['Short12', 'x'.repeat(33), 'with:colon'])('refuses the password %s', (password) => {
    expect(failed(['cluster', 'activate', '--password', password])).toMatch(/8 to 32/);
  });

  test('takes a password of seven characters in the older variant', () => {
    const older = new Lab({ variants: ['cloudhsm-client/password-length=other'] });
    expect(older.call<RunOutput>('cloudhsm-client', 'Run', { tool: 'cloudhsm-cli', argv: ['cluster', 'activate', '--password', '1234567'], env: {}, files: {} }).stdout)
      .toMatch(/No HSM is configured/);
    older.stop();
  });

  test('describes the HSM', () => {
    const { data } = lab.cli<{ hsms: Array<Record<string, string>> }>(clusterId, ['cluster', 'hsm-info']);

    expect(Object.keys(data.hsms[0])).toEqual([
      'vendor', 'model', 'serial-number', 'hardware-version-major', 'hardware-version-minor', 'firmware-version-major', 'firmware-version-minor',
      'firmware-build-number', 'firmware-id', 'fips-state',
    ]);
    expect(data.hsms[0]['fips-state']).toBe('2 [FIPS mode with single factor authentication]');
  });

  test('lists quorum values', () => {
    expect(lab.cli(clusterId, ['quorum', 'token-sign', 'list-quorum-values']).data).toEqual({ user: 1, quorum: 1, cluster: 1 });
  });

  test('cannot connect through a closed security group, and the hint says why', () => {
    const { stdout, stderr, exitCode, chargeMs } = lab.run(clusterId, ['user', 'list'], { from: BLOCKED });

    expect(JSON.parse(stdout)).toEqual({ error_code: 1, data: 'Failed to initialize hsm1 context' });
    expect([exitCode, stderr]).toEqual([1, '[emulator] the security group of the cluster has no rule for the client\n']);
    expect(chargeMs).toBeGreaterThanOrEqual(30_000);
  });

  test.each([
    ['at an address where no HSM listens', { addresses: ['10.9.9.9'] }, 'Failed to initialize hsm1 context'],
    ['with the wrong certificate', { anchor: 'nothing' }, /not issued/],
    ['with a client from before hsm2m', { version: '5.8.0' }, /HSM type/],
    ['without a configured address', { addresses: [] }, /No HSM is configured/],
  ])('does not connect %s', (_title, options, expected) => {
    if (typeof expected === 'string') expect(failed(['user', 'list'], options)).toBe(expected);
    else expect(failed(['user', 'list'], options)).toMatch(expected);
  });

  test('does not connect once the trust anchor has expired', async () => {
    const hostNow = Date.now();
    const spy = jest.spyOn(lab.kernel, 'hostTime').mockReturnValue(hostNow + 3660 * 86_400_000);

    expect(failed(['user', 'list'])).toMatch(/expired/);
    spy.mockRestore();
    expect(lab.users(clusterId)).toHaveLength(2);
  });

  test('says aloud what is not built', () => {
    for (const argv of [['interactive'], ['crypto', 'sign', 'ed25519'], ['user', 'change-mfa', 'token-sign']]) {
      const { exitCode, stdout, stderr } = lab.run(clusterId, argv);
      expect([exitCode, stdout]).toEqual([70, '']);
      expect(stderr).toMatch(/^\[emulator\] .* is not built yet\n$/);
    }
  });

  test.each([
    [['user', 'made'], /unrecognized subcommand 'user made'/],
    [['user', 'create', '--role', 'admin'], /--username/],
    [['user', 'list', '--colour', 'red'], /unexpected argument '--colour'/],
    [['user', 'create', '--username', 'a', '--role', 'king', '--password', PASSWORD], /invalid value 'king'/],
  ])('refuses the words %j on stderr', (argv, expected) => {
    const { exitCode, stdout, stderr } = lab.run(clusterId, argv);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(expected);
  });
});

describe('users', () => {
  beforeEach(async () => {
    ({ lab, clusterId } = await labAt('active'));
    await lab.hsmReaches(clusterId, lab.addHsm(clusterId, 'us-east-1c'), 'ACTIVE');
  });

  afterEach(() => lab.stop());

  test('are made by administrators only, under lower-case names, once', () => {
    expect(failed(createApp)).toMatch(/CLOUDHSM_ROLE/);
    expect(failed(createApp, { as: ['king', 'a:b'] })).toMatch(/king/);
    expect(lab.cli(clusterId, ['user', 'create', '--username', 'APP', '--role', 'crypto-user', '--password', 'AppPassword1'], { as: ADMIN }).data)
      .toEqual({ username: 'app', role: 'crypto-user' });
    expect(failed(createApp, { as: ADMIN })).toMatch(/exists/);
    expect(failed(['user', 'create', '--username', 'two', '--role', 'admin', '--password', PASSWORD], { as: APP })).toMatch(/may not/);
  });

  test.each(['with-dash', 'a'.repeat(32), 'blank name', ''])('are not called "%s"', (username) => {
    expect(failed(['user', 'create', `--username=${username}`, '--role', 'crypto-user', '--password', PASSWORD], { as: ADMIN })).toMatch(/user name/);
  });

  test('change their own password, and an administrator anybody\'s', () => {
    lab.cli(clusterId, createApp, { as: ADMIN });
    const change = (username: string, role: string, password: string): string[] => ['user', 'change-password', '--username', username, '--role', role, '--password', password];

    expect(lab.cli(clusterId, change('app', 'crypto-user', 'Second222'), { as: APP }).error_code).toBe(0);
    expect(failed(['key', 'list'], { as: APP })).toMatch(/Login failed/);
    expect(failed(change('admin', 'admin', 'Stolen123'), { as: ['crypto-user', 'app:Second222'] })).toMatch(/may not/);
    expect(lab.cli(clusterId, change('app', 'crypto-user', 'Third3333'), { as: ADMIN }).error_code).toBe(0);
    expect(lab.cli(clusterId, ['key', 'list'], { as: ['crypto-user', 'APP:Third3333'] }).error_code).toBe(0);
  });

  test('lock after five bad logins on every HSM, and a new password unlocks them', () => {
    lab.cli(clusterId, createApp, { as: ADMIN });
    const app = (): unknown => lab.users(clusterId).find(({ username }) => username === 'app')?.locked;
    for (let count = 1; count <= 5; count++) {
      expect(app()).toBe('false');
      failed(['key', 'list'], { as: ['crypto-user', 'app:WrongPassword'] });
    }

    expect(app()).toBe('true');
    expect(failed(['key', 'list'], { as: APP })).toMatch(/locked/);
    lab.cli(clusterId, ['user', 'change-password', '--username', 'app', '--role', 'crypto-user', '--password', 'AppPassword1'], { as: ADMIN });
    expect(app()).toBe('false');
    expect(lab.cli(clusterId, ['key', 'list'], { as: APP }).error_code).toBe(0);
  });

  test('a good login forgives the bad ones before it', () => {
    lab.cli(clusterId, createApp, { as: ADMIN });
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 4; count++) failed(['key', 'list'], { as: ['crypto-user', 'app:WrongPassword'] });
      expect(lab.cli(clusterId, ['key', 'list'], { as: APP }).error_code).toBe(0);
    }
  });

  test('are deleted, unless they own keys, are logged in or are the one who deletes', () => {
    lab.cli(clusterId, createApp, { as: ADMIN });
    const remove = (username: string, role: string): string[] => ['user', 'delete', '--username', username, '--role', role];
    expect(failed(remove('nobody', 'crypto-user'), { as: ADMIN })).toMatch(/no user/);
    expect(failed(remove('app', 'admin'), { as: ADMIN })).toMatch(/no user/);
    expect(failed(remove('admin', 'admin'), { as: ADMIN })).toMatch(/logged in/);

    lab.cli(clusterId, ['key', 'generate-symmetric', 'aes', '--label', 'k', '--key-length-bytes', '32'], { as: APP });
    expect(failed(remove('app', 'crypto-user'), { as: ADMIN })).toMatch(/owns keys/);
    lab.cli(clusterId, ['key', 'delete', '--filter', 'attr.label=k'], { as: APP });
    expect(lab.cli(clusterId, remove('app', 'crypto-user'), { as: ADMIN }).data).toEqual({ username: 'app', role: 'crypto-user' });
    expect(lab.users(clusterId).map(({ username }) => username)).toEqual(['admin', 'app_user']);
  });

  test('who are logged in elsewhere keep their password', () => {
    lab.cli(clusterId, ['user', 'create', '--username', 'kmsuser', '--role', 'crypto-user', '--password', 'KmsPassword1'], { as: ADMIN });
    const login = { clusterId, trustAnchor: lab.authority.anchor, username: 'kmsuser', role: 'crypto-user', password: 'KmsPassword1' };
    const kms = { ...outside(), position: { kind: 'service', service: 'kms' } } as const;
    const { sessionId } = lab.call<{ sessionId: string }>('cloudhsm-hsm', 'Login', login, kms);

    const change = ['user', 'change-password', '--username', 'kmsuser', '--role', 'crypto-user', '--password', 'Other1234'];
    expect(failed(change, { as: ADMIN })).toMatch(/logged in/);
    expect(lab.call('cloudhsm-hsm', 'Login', login, kms)).toEqual({ ok: false, code: 'logged-in' });
    expect(lab.call('cloudhsm-hsm', 'Logout', { sessionId }, kms)).toEqual({ ok: true });
    expect(lab.cli(clusterId, change, { as: ADMIN }).error_code).toBe(0);
  });

  test('charges the time of connecting, logging in and changing', () => {
    const list = lab.run(clusterId, ['user', 'list']).chargeMs;
    expect(lab.run(clusterId, createApp, { as: ADMIN }).chargeMs).toBe(list + 2000 + 1000);
  });

  test('are in the audit log of each HSM', () => {
    lab.cli(clusterId, createApp, { as: ADMIN });
    failed(['key', 'list'], { as: ['crypto-user', 'app:WrongPassword'] });
    failed(['key', 'list'], { as: ['crypto-user', 'nobody:WrongPassword'] });

    for (const { HsmId } of lab.cluster(clusterId).Hsms) {
      const events = lab.context('logs').table<string[]>('fake/log-streams').get(`/aws/cloudhsm/${clusterId}|${HsmId}`)!.slice(-5);
      expect(events.map((event) => [/Opcode : (\S+)/.exec(event)![1], /Response : (\d+)/.exec(event)![1]])).toEqual([
        ['CN_LOGIN', '0'], ['CN_CREATE_USER', '0'], ['CN_LOGOUT', '0'], ['CN_LOGIN', '163'], ['CN_LOGIN', '157'],
      ]);
    }
  });
});

describe('coverage', () => {
  beforeEach(async () => {
    ({ lab, clusterId } = await labAt('active'));
  });

  afterEach(() => lab.stop());

  const app = (options: CliOptions = {}): unknown => lab.users(clusterId, options).find(({ username }) => username === 'app')?.['cluster-coverage'];

  test('a user made while an HSM joins is not on it, and logging in as him fails', async () => {
    const joining = lab.addHsm(clusterId, 'us-east-1c');
    lab.cli(clusterId, createApp, { as: ADMIN });
    expect(app()).toBe('full');

    await lab.hsmReaches(clusterId, joining, 'ACTIVE');

    expect(app()).toBe('inconsistent');
    expect(failed(['key', 'list'], { as: APP })).toMatch(/Login failed/);
    expect(failed(createApp, { as: ADMIN })).toMatch(/exists/);
    expect(lab.call('cloudhsm-hsm', 'DescribeUsers', { clusterId })).toMatchObject({ users: [{}, {}, { username: 'app', coverage: 'inconsistent' }] });
  });

  test('deleting and making him again repairs that', async () => {
    const joining = lab.addHsm(clusterId, 'us-east-1c');
    lab.cli(clusterId, createApp, { as: ADMIN });
    await lab.hsmReaches(clusterId, joining, 'ACTIVE');

    expect(lab.cli(clusterId, ['user', 'delete', '--username', 'app', '--role', 'crypto-user'], { as: ADMIN }).error_code).toBe(0);
    expect(lab.cli(clusterId, createApp, { as: ADMIN }).error_code).toBe(0);

    expect(app()).toBe('full');
  });

  test('one configured address is enough, or leaves a user on one HSM, by variant', async () => {
    await lab.hsmReaches(clusterId, lab.addHsm(clusterId, 'us-east-1c'), 'ACTIVE');
    const one = { addresses: [lab.cluster(clusterId).Hsms[0].EniIp!] };
    lab.cli(clusterId, createApp, { as: ADMIN, ...one });
    expect(app()).toBe('full');

    const other = new Lab({ variants: ['cloudhsm-client/discovers-rest=other'] });
    const id = await other.active();
    await other.hsmReaches(id, other.addHsm(id, 'us-east-1c'), 'ACTIVE');
    other.cli(id, createApp, { as: ADMIN, addresses: [other.cluster(id).Hsms[0].EniIp!] });
    expect(other.users(id).find(({ username }) => username === 'app')?.['cluster-coverage']).toBe('inconsistent');
    other.stop();
  });

  test('an HSM that misses a change makes it partial', async () => {
    const second = lab.addHsm(clusterId, 'us-east-1c');
    await lab.hsmReaches(clusterId, second, 'ACTIVE');
    lab.kernel.faults.add({ service: 'cloudhsm-hsm', operation: 'hsm-user-create', kind: 'error', resource: second });

    expect(failed(createApp, { as: ADMIN })).toBe('User create failed on 1 of 2 connections');
    expect(app()).toBe('inconsistent');
  });

  test('a lock on one HSM shows as inconsistent', async () => {
    lab.cli(clusterId, createApp, { as: ADMIN });
    for (let count = 0; count < 3; count++) failed(['key', 'list'], { as: ['crypto-user', 'app:WrongPassword'] });
    const joining = lab.addHsm(clusterId, 'us-east-1c');
    for (let count = 0; count < 2; count++) failed(['key', 'list'], { as: ['crypto-user', 'app:WrongPassword'] });
    await lab.hsmReaches(clusterId, joining, 'ACTIVE');

    expect(lab.users(clusterId).find(({ username }) => username === 'app')?.locked).toBe('inconsistent');
  });

  test('an HSM on its way out is no longer written to', async () => {
    const second = lab.addHsm(clusterId, 'us-east-1c');
    await lab.hsmReaches(clusterId, second, 'ACTIVE');
    const addresses = lab.cluster(clusterId).Hsms.map(({ EniIp }) => EniIp!);
    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId: second });

    expect(lab.cli(clusterId, createApp, { as: ADMIN, addresses }).error_code).toBe(0);
    expect(app({ addresses })).toBe('full');
  });
});

describe('keys', () => {
  beforeEach(async () => {
    ({ lab, clusterId } = await labAt('active'));
    lab.cli(clusterId, createApp, { as: ADMIN });
  });

  afterEach(() => lab.stop());

  const aes = (label: string): string[] => ['key', 'generate-symmetric', 'aes', '--label', label, '--key-length-bytes', '32', '--attributes', 'encrypt=true', 'extractable=false'];

  test('need two HSMs, unless the check is off', () => {
    expect(failed(aes('k'), { as: APP, check: true })).toMatch(/^Key 0x[0-9a-f]{16} does not meet the availability requirements - The key must be available on at least 2 HSMs/);
    expect(lab.cli(clusterId, aes('k'), { as: APP })).toMatchObject({
      error_code: 0,
      data: {
        key: {
          'key-reference': expect.stringMatching(/^0x[0-9a-f]{16}$/) as string,
          'key-info': { 'key-owners': [{ 'username': 'app', 'key-coverage': 'full' }], 'cluster-coverage': 'full' },
          'attributes': { 'key-type': 'aes', 'label': 'k', 'encrypt': true, 'decrypt': false, 'sign': true, 'extractable': false, 'never-extractable': true, 'key-length-bytes': 32 },
        },
      },
    });
  });

  test('administrators make none', () => {
    expect(failed(aes('k'), { as: ADMIN })).toMatch(/may not/);
  });

  test('come as pairs, of which everybody sees the public half', () => {
    lab.cli(clusterId, ['user', 'create', '--username', 'two', '--role', 'crypto-user', '--password', 'AppPassword1'], { as: ADMIN });
    const pair = lab.cli<{ public_key: object; private_key: object }>(clusterId, [
      'key', 'generate-asymmetric-pair', 'ec', '--curve', 'secp256r1', '--public-label', 'pub', '--private-label', 'priv', '--private-attributes', 'sign=true',
    ], { as: APP }).data;
    expect(pair.private_key).toMatchObject({ attributes: { 'class': 'private-key', 'sign': true, 'curve': 'secp256r1', 'key-length-bytes': 32 } });
    expect(pair.public_key).toMatchObject({ attributes: { 'class': 'public-key', 'ec-point': expect.stringMatching(/^0x044104[0-9a-f]{128}$/) as string } });

    expect(lab.cli(clusterId, ['key', 'list'], { as: ['crypto-user', 'two:AppPassword1'] }).data)
      .toMatchObject({ matched_keys: [{ attributes: { label: 'pub' } }], total_key_count: 1, returned_key_count: 1 });
  });

  test('are listed by filter and page, and deleted one at a time', () => {
    for (const label of ['a', 'b', 'c']) lab.cli(clusterId, aes(label), { as: APP });

    expect(lab.cli(clusterId, ['key', 'list', '--max-items', '2'], { as: APP }).data).toMatchObject({ total_key_count: 3, returned_key_count: 2, next_token: '2' });
    expect(failed(['key', 'delete', '--filter', 'attr.key-type=aes'], { as: APP }))
      .toBe('Key selection criteria matched 3 keys. Refine selection criteria to select a single key.');
    expect(lab.cli(clusterId, ['key', 'delete', '--filter', 'attr.label=b', 'attr.key-type=aes'], { as: APP }).data).toEqual({ message: 'Key deleted successfully' });
    expect(lab.cli<{ matched_keys: Array<{ attributes: { label: string } }> }>(clusterId, ['key', 'list', '-v'], { as: APP }).data.matched_keys.map(({ attributes }) => attributes.label))
      .toEqual(['a', 'c']);
    expect(failed(['key', 'delete', '--filter', 'attr.label=b'], { as: APP })).toMatch(/no key/);
  });

  test('travel with a backup', async () => {
    lab.cli(clusterId, aes('k'), { as: APP });
    await lab.hsmReaches(clusterId, lab.addHsm(clusterId, 'us-east-1c'), 'ACTIVE');

    expect(lab.cli(clusterId, ['key', 'list', '--verbose'], { as: APP }).data)
      .toMatchObject({ matched_keys: [{ 'key-info': { 'cluster-coverage': 'full' }, 'attributes': { label: 'k' } }] });
  });
});
