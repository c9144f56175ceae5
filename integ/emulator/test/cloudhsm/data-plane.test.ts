import { ADMIN, Lab, labAt } from './lab';
import { CLIENT } from './neighbours';
import { outside } from '../_helpers/world';

const KMS = { ...outside(), position: { kind: 'service', service: 'kms' } } as const;

let lab: Lab;
let clusterId: string;

beforeAll(async () => {
  lab = new Lab();
  clusterId = await lab.active();
  await lab.hsmReaches(clusterId, lab.addHsm(clusterId, 'us-east-1c'), 'ACTIVE');
  lab.cli(clusterId, ['user', 'create', '--username', 'kmsuser', '--role', 'crypto-user', '--password', 'KmsPassword1'], { as: ADMIN });
});

afterAll(() => lab.stop());

type Answer = { ok: boolean; code?: string } & Record<string, string>;

function hsm(operation: string, input: object): Answer {
  return lab.call<Answer>('cloudhsm-hsm', operation, input, KMS);
}

function login(changes: object = {}): Answer {
  return hsm('Login', { clusterId, trustAnchor: lab.authority.anchor, username: 'kmsuser', role: 'crypto-user', password: 'KmsPassword1', ...changes });
}

test.each([
  ['a wrong password', { password: 'WrongPassword' }, 'wrong-password'],
  ['an unknown user', { username: 'nobody' }, 'no-user'],
  ['the wrong role', { role: 'admin' }, 'no-user'],
  ['another trust anchor', { trustAnchor: 'none' }, 'untrusted'],
  ['an unknown cluster', { clusterId: 'cluster-aaaaaaaaaaa' }, 'unreachable'],
])('Login refuses %s', (_title, changes, code) => {
  expect(login(changes)).toEqual({ ok: false, code });
});

test('Login refuses a blocked way and tells what is missing on it; one way of several is enough', () => {
  expect(login({ from: { kind: 'outside' } })).toEqual({ ok: false, code: 'unreachable', missing: 'the security group of the cluster has no rule for the client' });

  const { ok, sessionId } = login({ from: [{ kind: 'outside' }, CLIENT] });
  expect(ok).toBe(true);
  hsm('Logout', { sessionId });
});

test('a cluster takes only so many clients at a time', async () => {
  const { lab: small, clusterId: busy } = await labAt('active', { rows: { 'cloudhsm-hsm/connections-per-cluster': 2 } });
  const join = (username: string): Answer => {
    small.cli(busy, ['user', 'create', '--username', username, '--role', 'crypto-user', '--password', 'Password1'], { as: ADMIN });
    return small.call<Answer>('cloudhsm-hsm', 'Login', {
      clusterId: busy, trustAnchor: small.authority.anchor, username, role: 'crypto-user', password: 'Password1',
    }, KMS);
  };

  const [first] = ['one', 'two'].map(join);
  expect(join('three')).toEqual({ ok: false, code: 'connection-limit' });
  small.call('cloudhsm-hsm', 'Logout', { sessionId: first.sessionId }, KMS);
  expect(join('three').ok).toBe(true);
  small.stop();
});

test('a session makes a key on every HSM, encrypts and decrypts under it and takes it away', () => {
  const { sessionId } = login();
  const { keyReference } = hsm('GenerateKey', { sessionId, label: 'arn:key' });
  const data = Buffer.from('secret').toString('base64');
  expect(hsm('FindKeys', { sessionId, label: 'arn:key' })).toEqual({ ok: true, keys: [{ keyReference, coverage: 'full' }] });

  const sealed = hsm('Encrypt', { sessionId, keyReference, data, associated: 'YQ==' }).data;
  expect(sealed).not.toContain(data);
  expect(hsm('Decrypt', { sessionId, keyReference, data: sealed, associated: 'YQ==' })).toEqual({ ok: true, data });
  expect(hsm('Decrypt', { sessionId, keyReference, data: sealed, associated: 'Yg==' })).toEqual({ ok: false, code: 'bad-ciphertext' });

  expect(hsm('DeleteKey', { sessionId, keyReference })).toEqual({ ok: true });
  expect(hsm('Encrypt', { sessionId, keyReference, data })).toEqual({ ok: false, code: 'no-key' });
  hsm('Logout', { sessionId });
  expect(hsm('Encrypt', { sessionId, keyReference, data })).toEqual({ ok: false, code: 'no-session' });
});

test('a session may change its own password, after which the old one is wrong', () => {
  const { sessionId } = login();
  expect(hsm('ChangePassword', { sessionId, password: 'OnlyKmsKnows1' })).toEqual({ ok: true });
  hsm('Logout', { sessionId });

  expect(login()).toEqual({ ok: false, code: 'wrong-password' });
  const again = login({ password: 'OnlyKmsKnows1' });
  hsm('ChangePassword', { sessionId: again.sessionId, password: 'KmsPassword1' });
  hsm('Logout', { sessionId: again.sessionId });
});

test('CheckTrustAnchor tells the cluster\'s anchor from others, and its own bytes from another spelling', () => {
  expect(hsm('CheckTrustAnchor', { clusterId, trustAnchor: lab.authority.anchor })).toEqual({ trust: 'trusted', identical: true });
  expect(hsm('CheckTrustAnchor', { clusterId, trustAnchor: lab.authority.anchor.replace(/\n/g, '\r\n') })).toEqual({ trust: 'trusted', identical: false });
  expect(hsm('CheckTrustAnchor', { clusterId, trustAnchor: 'other' })).toEqual({ trust: 'untrusted', identical: false });
});
