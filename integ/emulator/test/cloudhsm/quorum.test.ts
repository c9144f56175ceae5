import { constants, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ADMIN, labAt, PASSWORD } from './lab';
import type { CliOptions, Lab, LabOptions } from './lab';

/** What approvers do outside the HSM: they sign the digest with their own key. */
function signed(key: KeyObject, digest: string): string {
  const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), Buffer.from(digest, 'base64')]);
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info).toString('base64');
}

const OUTLASTS: LabOptions = { variants: ['cloudhsm-client/quorum-token-outlasts-command=other'] };
const CREATE = ['user', 'create', '--username', 'late', '--role', 'crypto-user', '--password', 'Password1'];
const NEEDED = 'Quorum approval is required for this operation';

let lab: Lab;
let clusterId: string;
const keys = new Map<string, KeyObject>();

afterEach(() => lab.stop());

const as = (name: string): CliOptions => ({ as: ['admin', `${name}:${PASSWORD}`] });

function run(argv: string[], options: CliOptions = { as: ADMIN }): { code: number; data: unknown; file?: Record<string, unknown> } {
  const { stdout, files: [file] = [] } = lab.run(clusterId, argv, options);
  const { error_code: code, data } = JSON.parse(stdout) as { error_code: number; data: unknown };
  return { code, data, ...(file ? { file: JSON.parse(Buffer.from(file.base64, 'base64').toString()) as Record<string, unknown> } : {}) };
}

function register(name: string, forge = false): { code: number; data: unknown } {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  keys.set(name, pair.privateKey);
  const { tokens } = run(['quorum', 'token-sign', 'generate', '--service', 'registration', '--token', '/t'], as(name)).file as { tokens: Array<{ unsigned: string }> };
  const done = { version: '2.0', tokens: tokens.map((one) => ({ ...one, signed: signed(pair.privateKey, forge ? 'AAAA' : one.unsigned) })) };
  return run(['user', 'change-quorum', 'token-sign', 'register', '--public-key', '/pub', '--signed-token', '/t'], {
    ...as(name), files: { '/pub': pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(), '/t': JSON.stringify(done) },
  });
}

async function withTwoAdmins(options: LabOptions = {}): Promise<void> {
  ({ lab, clusterId } = await labAt('active', options));
  lab.cli(clusterId, ['user', 'create', '--username', 'second', '--role', 'admin', '--password', PASSWORD], { as: ADMIN });
  for (const name of ['admin', 'second']) expect(register(name)).toMatchObject({ code: 0, data: { username: name, role: 'admin' } });
  expect(run(['quorum', 'token-sign', 'set-quorum-value', '--service', 'user', '--value', '2'])).toEqual({ code: 0, data: 'Set Quorum Value successful' });
}

/** A token of the first administrator with the approvals of some. */
function token(...approvers: string[]): CliOptions {
  const { file } = run(['quorum', 'token-sign', 'generate', '--service', 'user', '--token', '/home/t']);
  const signatures = approvers.map((username) => ({ username, role: 'admin', signature: signed(keys.get(username)!, file!.token as string) }));
  return { as: ADMIN, files: { '/home/t': JSON.stringify({ ...file, signatures }) } };
}

const approved = [...CREATE, '--approval', '/home/t'];

test('a registered key is shown, and must have signed for itself', async () => {
  await withTwoAdmins();

  const shown = lab.users(clusterId).map((user) => [user.username, (user as unknown as { quorum: unknown }).quorum]);
  expect(shown).toContainEqual(['second', [{ strategy: 'token-sign', status: 'enabled' }]]);
  expect(register('second', true)).toMatchObject({ code: 1, data: expect.stringMatching(/do not prove/) as string });
});

test('a quorum value is listed, has bounds, and cannot ask for more administrators than there are', async () => {
  await withTwoAdmins();
  const set = (value: string): unknown => run(['quorum', 'token-sign', 'set-quorum-value', '--service', 'quorum', '--value', value]).data;

  expect(run(['quorum', 'token-sign', 'list-quorum-values'], {}).data).toEqual({ user: 2, quorum: 1, cluster: 1 });
  expect(set('3')).toMatch(/more than the 2 administrators/);
  expect(lab.run(clusterId, ['quorum', 'token-sign', 'set-quorum-value', '--service', 'quorum', '--value', '9'], { as: ADMIN }).stderr).toMatch(/1 to 8/);
});

test('users are not made, deleted or given passwords by one administrator alone; a password of one\'s own is', async () => {
  await withTwoAdmins();

  for (const argv of [CREATE, ['user', 'delete', '--username', 'second', '--role', 'admin'],
    ['user', 'change-password', '--username', 'second', '--role', 'admin', '--password', PASSWORD]]) expect(run(argv)).toEqual({ code: 1, data: NEEDED });
  expect(run(['user', 'change-password', '--username', 'second', '--role', 'admin', '--password', PASSWORD, '--deregister-quorum'], as('second')).code).toBe(0);
  expect(JSON.stringify(lab.users(clusterId))).toContain('"username":"second","role":"admin","locked":"false","mfa":[],"quorum":[]');
});

test('a token ends with the command that made it', async () => {
  await withTwoAdmins();

  expect(run(approved, token('admin', 'second'))).toEqual({ code: 1, data: 'The quorum token is not valid in this login session.' });
  expect(run(['quorum', 'token-sign', 'list']).data).toEqual({ tokens: [] });
});

describe('where tokens outlast their command', () => {
  beforeEach(async () => withTwoAdmins(OUTLASTS));

  test('enough approvals let one operation pass', () => {
    expect(run(approved, token('admin')).data).toMatch(/does not carry 2 approvals/);
    const enough = token('admin', 'second');
    expect(run(['quorum', 'token-sign', 'list']).data).toMatchObject({ tokens: [{ 'username': 'admin', 'service': 'user', 'approvals-required': { value: 2 } }] });

    expect(run(approved, enough)).toEqual({ code: 0, data: { username: 'late', role: 'crypto-user' } });
    expect(run(['user', 'delete', '--username', 'late', '--role', 'crypto-user', '--approval', '/home/t'], enough).data).toMatch(/not valid/);
  });

  test('an approval signed by a stranger counts for nothing', () => {
    keys.set('second', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    expect(run(approved, token('admin', 'second')).data).toMatch(/does not carry 2 approvals/);
  });

  test('tokens can be deleted, and end after ten minutes', async () => {
    const deleted = token('admin', 'second');
    expect(run(['quorum', 'token-sign', 'delete', '--scope', 'all']).data).toBe('Deletion of quorum token(s) successful');
    expect(run(approved, deleted).data).toMatch(/not valid/);

    const late = token('admin', 'second');
    await lab.advance(601_000);
    expect(run(approved, late).data).toMatch(/not valid/);
  });
});
