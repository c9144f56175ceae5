import { ADMIN_SECRET, ClientMachine, pendingOf, secret, USER_SECRET } from './_helpers/client-machine';
import type { HsmUser, MachineState, Outcome } from './_helpers/client-machine';

// Every test runs a script of ours with a dozen programs.
jest.setTimeout(60_000);

const NOW = 'CurrentPassword1';
const NEXT = 'NextPassword2';
const BY_HAND = 'ByHandPassword3';
const SECRETS = { [USER_SECRET]: secret('v-now', 'app', NOW), [pendingOf(USER_SECRET)]: secret('v-next', 'app', NEXT) };
const ROTATE = { UserSecretArn: USER_SECRET, UserName: 'App', UserRole: 'crypto-user', PendingVersion: 'v-next' };

const machines: ClientMachine[] = [];
afterEach(() => machines.splice(0).forEach((made) => made.remove()));

function machine(user: Partial<HsmUser> = {}, state: Partial<MachineState> = {}): ClientMachine {
  const made = new ClientMachine({ secrets: SECRETS, users: { app: { role: 'crypto-user', password: NOW, ...user } }, ...state });
  machines.push(made);
  return made;
}

const logins = (of: ClientMachine) => of.read('logins').split('\n').filter(Boolean);
const refusedVersions = ({ errorOutput }: Outcome) => [...errorOutput.matchAll(/^cloudhsm-refused-version (\S+)$/gm)].map(([, version]) => version);

/** What holds however a script ends. */
function expectNoPasswordIn(outcome: Outcome): void {
  for (const password of [NOW, NEXT, BY_HAND]) expect(outcome.output + outcome.errorOutput).not.toContain(password);
}

describe('rotate-password', () => {
  test('has the user change his own password, and no login is refused', () => {
    const client = machine();

    const outcome = client.run('rotate-password', ROTATE);

    expect(outcome.gist).toBe('changed');
    expect(client.state.users.app.password).toBe(NEXT);
    expect(logins(client)).toEqual(['app true', 'app true', 'app true']);
    expect(outcome.calls.join('\n')).not.toContain(NEXT);
    expectNoPasswordIn(outcome);
  });

  test('does it for an admin, too', () => {
    const client = machine({ role: 'admin' });

    expect(client.run('rotate-password', { ...ROTATE, UserRole: 'admin' }).gist).toBe('changed');
    expect(client.state.users.app.password).toBe(NEXT);
  });

  test('of a password that an earlier try has set finds it set, with one login refused', () => {
    const client = machine({ password: NEXT });

    const outcome = client.run('rotate-password', ROTATE);

    expect(outcome.gist).toBe('unchanged');
    expect(refusedVersions(outcome)).toEqual(['v-now']);
    expect(logins(client)).toEqual(['app false', 'app true']);
  });

  test('that is told of that refusal asks for no login with the current version again', () => {
    const client = machine({ password: NEXT });

    expect(client.run('rotate-password', { ...ROTATE, RefusedVersions: 'v-now' }).gist).toBe('unchanged');
    expect(logins(client)).toEqual(['app true']);
  });

  test('whose change was carried out though the client says no finds out by one login with either', () => {
    const client = machine({}, { changeAnswerLost: true });

    const outcome = client.run('rotate-password', ROTATE);

    expect(outcome.gist).toBe('changed');
    expect(logins(client)).toEqual(['app true', 'app true', 'app false', 'app true']);
  });

  test('while somebody is logged in as the user leaves his password, and refuses him no login', () => {
    const client = machine({ kept: true });

    const outcome = client.run('rotate-password', ROTATE);

    expect([outcome.gist, outcome.status]).toEqual(['UserInUse', 1]);
    expect(client.state.users.app.password).toBe(NOW);
    expect(logins(client).filter((line) => line.endsWith('false'))).toEqual([]);
    expectNoPasswordIn(outcome);
  });

  test('of a user whose password was changed by hand tries each version once, and never again', () => {
    const client = machine({ password: BY_HAND });

    const first = client.run('rotate-password', ROTATE);
    const second = client.run('rotate-password', { ...ROTATE, RefusedVersions: refusedVersions(first).join(',') });

    expect([first.gist, second.gist]).toEqual(['LoginRefused', 'LoginRefused']);
    expect(refusedVersions(first)).toEqual(['v-now', 'v-next']);
    expect(logins(client)).toHaveLength(2);
    expect(client.state.users.app.password).toBe(BY_HAND);
  });

  test.each<[string, Partial<HsmUser>, Partial<MachineState>, string]>([
    ['a quorum is needed', {}, { quorum: 2 }, 'QuorumNeeded'],
    ['the user has another role', { role: 'admin' }, {}, 'UserMissing'],
    ['the user is on one HSM only', { on: 1 }, {}, 'CoverageInconsistent'],
    ['the pending version is another\'s', {}, { secrets: { ...SECRETS, [pendingOf(USER_SECRET)]: secret('v-next', 'other', NEXT) } }, 'SecretOfAnother'],
    ['the current version is another\'s', {}, { secrets: { ...SECRETS, [USER_SECRET]: secret('v-now', 'other', NOW) } }, 'SecretOfAnother'],
    ['the pending version cannot be read', {}, { secrets: { [USER_SECRET]: SECRETS[USER_SECRET] } }, 'PendingVersionUnreadable'],
  ])('changes nothing when %s', (_, user, state, code) => {
    const client = machine(user, state);

    const outcome = client.run('rotate-password', ROTATE);

    expect([outcome.gist, outcome.status]).toEqual([code, 1]);
    expect(client.state.users.app.password).toBe(NOW);
  });
});

describe('test-password', () => {
  test('logs in once with the pending version', () => {
    const client = machine({ password: NEXT });

    expect(client.run('test-password', ROTATE).gist).toBe('verified');
    expect(logins(client)).toEqual(['app true']);
  });

  test('of a version without a value, as when a rotation is set up, logs in with the current one', () => {
    const client = machine({}, { secrets: { [USER_SECRET]: SECRETS[USER_SECRET] } });

    expect(client.run('test-password', ROTATE).gist).toBe('verified');
  });

  test('that is refused says which version it was', () => {
    const client = machine();

    const outcome = client.run('test-password', ROTATE);

    expect(outcome.gist).toBe('LoginRefused');
    expect(refusedVersions(outcome)).toEqual(['v-next']);
  });
});

describe('rotate-alternate', () => {
  const ALTERNATE = { UserName: 'app_alt', AdminSecretArn: ADMIN_SECRET, UserSecretArn: USER_SECRET, PendingVersion: 'v-next' };
  const secrets = {
    ...SECRETS, [pendingOf(USER_SECRET)]: secret('v-next', 'app_alt', NEXT), [ADMIN_SECRET]: secret('v-admin', 'cdk_automation', NOW),
  };
  const turns = (alternate: Partial<HsmUser> = {}, state: Partial<MachineState> = {}) => {
    const made = new ClientMachine({
      secrets,
      users: {
        app: { role: 'crypto-user', password: NOW, kept: true }, app_alt: { role: 'crypto-user', password: BY_HAND, ...alternate }, cdk_automation: { role: 'admin', password: NOW },
      },
      ...state,
    });
    machines.push(made);
    return made;
  };

  test('sets the password of the one who is not in use, while the other is', () => {
    const client = turns();

    const outcome = client.run('rotate-alternate', ALTERNATE);

    expect(outcome.gist).toBe('changed');
    expect(client.state.users).toMatchObject({ app: { password: NOW }, app_alt: { password: NEXT } });
    expect(logins(client)).toEqual(['cdk_automation true', 'cdk_automation true', 'app_alt true']);
    expectNoPasswordIn(outcome);
  });

  test.each<[string, Partial<HsmUser>, Partial<MachineState>, string]>([
    ['something still runs as him', { kept: true }, {}, 'UserInUse'],
    ['a quorum is needed', {}, { quorum: 2 }, 'QuorumNeeded'],
    ['he is no crypto user', { role: 'admin' }, {}, 'UserMissing'],
    ['he is on one HSM only', { on: 1 }, {}, 'CoverageInconsistent'],
    ['he is the current one', {}, { secrets: { ...secrets, [USER_SECRET]: secret('v-now', 'app_alt', BY_HAND) } }, 'UserInUse'],
    ['the admin cannot log in', {}, { secrets: { ...secrets, [ADMIN_SECRET]: secret('v-admin', 'cdk_automation', BY_HAND) } }, 'LoginRefused'],
  ])('changes nothing when %s', (_, alternate, state, code) => {
    const client = turns(alternate, state);

    expect(client.run('rotate-alternate', ALTERNATE).gist).toBe(code);
    expect(client.state.users).toMatchObject({ app: { password: NOW }, app_alt: { password: BY_HAND } });
  });

  test.each([[3, 3, 'verified'], [3, 4, 'verified'], [3, 2, 'KeysNotShared']])('is not finished when the one before sees %d keys and the next one %d: %s', (app, alternate, gist) => {
    const client = turns({ password: NEXT }, { keysSeen: { app, app_alt: alternate } });

    expect(client.run('test-password', { UserRole: 'crypto-user', UserSecretArn: USER_SECRET, PendingVersion: 'v-next' }).gist).toBe(gist);
  });
});

describe('a user who takes turns', () => {
  const ENSURE = { AdminSecretArn: ADMIN_SECRET, UserSecretArn: USER_SECRET, UserName: 'app', UserRole: 'crypto-user', AlternateUserName: 'app_alt', MayExist: 'false' };
  const secrets = { ...SECRETS, [ADMIN_SECRET]: secret('v-admin', 'cdk_automation', NOW) };
  const admin: HsmUser = { role: 'admin', password: NOW };

  test('is made together with the other one, whose password nobody knows', () => {
    const client = new ClientMachine({ secrets, users: { cdk_automation: admin } });
    machines.push(client);

    const outcome = client.run('ensure-user', ENSURE);

    expect(outcome.gist).toBe('created');
    expect(client.state.users).toMatchObject({ app: { password: NOW }, app_alt: { role: 'crypto-user' } });
    const unknown = client.state.users.app_alt.password!;
    expect(unknown).toMatch(/^[0-9a-f]{32}$/);
    expect(outcome.output + outcome.errorOutput + outcome.calls.join()).not.toContain(unknown);
  });

  test('is given the other one later', () => {
    const client = new ClientMachine({ secrets, users: { cdk_automation: admin, app: { role: 'crypto-user', password: NOW } } });
    machines.push(client);

    expect(client.run('ensure-user', { ...ENSURE, MayExist: 'true' }).gist).toBe('unchanged');
    expect(Object.keys(client.state.users)).toContain('app_alt');
  });

  test('is not made when the other one is somebody else\'s', () => {
    const client = new ClientMachine({ secrets, users: { cdk_automation: admin, app_alt: { role: 'crypto-user', password: BY_HAND } } });
    machines.push(client);

    expect(client.run('ensure-user', ENSURE).gist).toBe('UserExists');
    expect(Object.keys(client.state.users)).not.toContain('app');
  });

  test('is deleted with the other one', () => {
    const client = new ClientMachine({ secrets, users: { cdk_automation: admin, app: { role: 'crypto-user', password: NOW }, app_alt: { role: 'crypto-user' } } });
    machines.push(client);

    client.run('delete-user', { AdminSecretArn: ADMIN_SECRET, UserName: 'app', UserRole: 'crypto-user', AlternateUserName: 'app_alt' });

    expect(Object.keys(client.state.users)).toEqual(['cdk_automation']);
  });
});

describe('an admin whose secret is being rotated', () => {
  const users: Record<string, HsmUser> = { cdk_automation: { role: 'admin', password: NEXT }, app: { role: 'crypto-user', password: NOW } };
  const secrets = { ...SECRETS, [ADMIN_SECRET]: secret('v-admin', 'cdk_automation', NOW), [pendingOf(ADMIN_SECRET)]: secret('v-admin-next', 'cdk_automation', NEXT) };

  test('logs in with the pending version when the current one is refused, once each', () => {
    const client = new ClientMachine({ secrets, users });
    machines.push(client);

    const outcome = client.run('delete-user', { AdminSecretArn: ADMIN_SECRET, UserName: 'app', UserRole: 'crypto-user', AlternateUserName: '-' });

    expect(outcome.gist).toBe('deleted');
    expect(logins(client)).toEqual(['cdk_automation false', 'cdk_automation true', 'cdk_automation true']);
  });

  test('with both refused before logs in with neither', () => {
    const client = new ClientMachine({ secrets, users });
    machines.push(client);

    const outcome = client.run('delete-user', { AdminSecretArn: ADMIN_SECRET, UserName: 'app', UserRole: 'crypto-user', AlternateUserName: '-', RefusedVersions: 'v-admin,v-admin-next' });

    expect(outcome.gist).toBe('LoginRefusedBefore');
    expect(logins(client)).toEqual([]);
  });
});
