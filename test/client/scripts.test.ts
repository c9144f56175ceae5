import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import {
  ADMIN_SECRET, ClientMachine, CLUSTER_ID, concatenated, FORMER_SECRET, pendingOf, scriptFiles, scriptNames, SEALED_SECRET, secret, USER_SECRET,
} from './_helpers/client-machine';
import type { HsmUser, MachineState, Outcome } from './_helpers/client-machine';

// Every test runs a script of ours with a dozen programs.
jest.setTimeout(60_000);

const ADMIN_PASSWORD = 'AutomationPassword1';
const SEALED_PASSWORD = 'SealedPassword2';
const FORMER_PASSWORD = 'FormerPassword3';
const USER_PASSWORD = 'UserPassword4';
const PASSWORDS = [ADMIN_PASSWORD, SEALED_PASSWORD, FORMER_PASSWORD, USER_PASSWORD, 'OldPassword5'];

const SECRETS = {
  [ADMIN_SECRET]: secret('v-admin', 'cdk_automation', ADMIN_PASSWORD),
  [SEALED_SECRET]: secret('v-sealed', 'admin', SEALED_PASSWORD),
  [FORMER_SECRET]: secret('v-former', 'cdk_automation', FORMER_PASSWORD),
  [USER_SECRET]: secret('v-app', 'app', USER_PASSWORD),
};

const NEW = { admin: { role: 'unactivated-admin' }, app_user: { role: 'internal(APPLIANCE_USER)' } };
const ACTIVE: Record<string, HsmUser> = { admin: { role: 'admin', password: SEALED_PASSWORD }, cdk_automation: { role: 'admin', password: ADMIN_PASSWORD } };

const machines: ClientMachine[] = [];

afterEach(() => {
  machines.splice(0).forEach((made) => made.remove());
});

const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');
const onTerminal = hasScript ? test : test.skip;

type MachineOptions = ConstructorParameters<typeof ClientMachine>[1];

function machine(users: Record<string, HsmUser>, state: Partial<MachineState> = {}, options?: MachineOptions): ClientMachine {
  const made = new ClientMachine({ secrets: SECRETS, users, ...state }, options);
  machines.push(made);
  return made;
}

const logins = (of: ClientMachine) => of.read('logins').split('\n').filter(Boolean);
const refusals = (of: ClientMachine) => logins(of).filter((line) => line.endsWith('false'));
/** Without the look at the quorum values, which goes on beside others. */
const commands = ({ calls }: Outcome) => calls.filter((call) => call.startsWith('cloudhsm-cli ') && !call.includes('list-quorum-values'))
  .map((call) => call.slice('cloudhsm-cli '.length));

/** What holds for every run of every script, however it ends. */
function expectNoSecretIn(outcome: Outcome, of: ClientMachine, passwordAsArgument = false): void {
  for (const password of PASSWORDS) {
    expect(outcome.output + outcome.errorOutput).not.toContain(password);
    if (!passwordAsArgument) expect(outcome.calls.join('\n')).not.toContain(password);
  }
  expect(of.leftovers).toEqual([]);
}

const ACTIVATE = { AdminSecretArn: ADMIN_SECRET, SealedAdminSecretArn: SEALED_SECRET };
const CHANGE = { AdminSecretArn: ADMIN_SECRET, FormerAdminSecretArn: FORMER_SECRET, FormerAdminSecretVersions: 'current' };
const ENSURE = { AdminSecretArn: ADMIN_SECRET, UserSecretArn: USER_SECRET, UserName: 'App', UserRole: 'crypto-user', MayExist: 'false', AlternateUserName: '-' };
const ROTATE = { UserSecretArn: USER_SECRET, UserName: 'App', UserRole: 'crypto-user', PendingVersion: 'v-next' };
const DELETE = { AdminSecretArn: ADMIN_SECRET, UserName: 'App', UserRole: 'crypto-user', AlternateUserName: '-' };

describe('activate', () => {
  test('sets the first password, makes the automation admin and logs in as him', () => {
    const client = machine(NEW);

    const outcome = client.run('activate', ACTIVATE);

    expect(outcome.gist).toBe('activated');
    expect(client.state.users).toMatchObject(ACTIVE);
    expect(refusals(client)).toEqual([]);
    expectNoSecretIn(outcome, client);
  });

  test('repeated finds all done: it neither creates nor asks for the sealed secret', () => {
    const client = machine(NEW);
    client.run('activate', ACTIVATE);
    client.state = { ...client.state, secrets: { ...SECRETS, [SEALED_SECRET]: undefined } };

    const outcome = client.run('activate', ACTIVATE);

    expect(outcome.gist).toBe('activated');
    expect(commands(outcome)).toEqual(['user list', 'key list --max-items 1']);
  });

  test('after an activation that got no further makes the automation admin', () => {
    const client = machine({ admin: ACTIVE.admin });

    expect(client.run('activate', ACTIVATE).gist).toBe('activated');
    expect(client.state.users).toMatchObject(ACTIVE);
  });

  test.each<[string, Partial<MachineState>, MachineOptions]>([
    ['prompts cannot be answered', { promptsWork: false }, {}], ['there is no pseudo-terminal', {}, { noScript: true }],
  ])('gives the password as an argument only when %s, with the process list hidden', (_, state, options) => {
    const client = machine(NEW, state, options);

    const outcome = client.run('activate', ACTIVATE);

    expect(outcome.gist).toBe('activated');
    expect(outcome.calls.indexOf('mount -o remount,hidepid=2 /proc')).toBeLessThan(outcome.calls.findIndex((call) => call.includes('--password')));
    expect(client.state.users).toMatchObject(ACTIVE);
    expectNoSecretIn(outcome, client, true);
  });

  test('that no way leads to fails and leaves the cluster as it was', () => {
    const client = machine(NEW, { promptsWork: false, argumentWorks: false });

    expect(client.run('activate', ACTIVATE).gist).toBe('ActivationFailed');
    expect(client.state.users).toEqual(NEW);
  });

  test('of a cluster that was activated with another password tries once, and never again with that version', () => {
    const client = machine({ admin: { role: 'admin', password: 'OldPassword5' } });

    const first = client.run('activate', ACTIVATE);
    const second = client.run('activate', { ...ACTIVATE, RefusedVersions: 'v-old,v-sealed' });

    expect([first.gist, second.gist]).toEqual(['LoginRefused', 'LoginRefusedBefore']);
    expect(first.errorOutput).toMatch(/^cloudhsm-refused-version v-sealed$/m);
    expect(refusals(client)).toEqual(['admin false']);
    expectNoSecretIn(first, client);
  });

  test.each<[string, Record<string, HsmUser>, Partial<MachineState>, string]>([
    ['the automation admin is a crypto user', { ...ACTIVE, cdk_automation: { role: 'crypto-user' } }, {}, 'AutomationAdminMissing'],
    ['the automation admin is on one HSM only', { ...ACTIVE, cdk_automation: { ...ACTIVE.cdk_automation, on: 1 } }, {}, 'CoverageInconsistent'],
    ['the automation admin reaches one HSM only', NEW, { createReaches: 1 }, 'CoverageInconsistent'],
    ['there is no user admin', { other: { role: 'admin' } }, {}, 'NoAdminUser'],
    ['the HSMs cannot be reached', NEW, { reachable: false }, 'HsmUnreachable'],
    ['no HSM is ACTIVE', NEW, { addresses: [] }, 'NoActiveHsm'],
    ['the cluster may not be looked up', NEW, { denied: ['cloudhsmv2'] }, 'ClusterUnreadable'],
    ['the trust anchor may not be read', NEW, { denied: ['ssm'] }, 'TrustAnchorUnreadable'],
    ['a secret may not be read', NEW, { denied: ['secretsmanager'] }, 'SecretUnreadable'],
    ['a secret has no password', NEW, { secrets: { ...SECRETS, [ADMIN_SECRET]: { version: 'v', text: '{"username":"x"}' } } }, 'SecretMalformed'],
    ['a password has a backslash', NEW, { secrets: { ...SECRETS, [ADMIN_SECRET]: secret('v', 'x', 'a\\b') } }, 'SecretMalformed'],
  ])('fails when %s', (_, users, state, code) => {
    const client = machine(users, state);

    const outcome = client.run('activate', ACTIVATE);

    expect([outcome.gist, outcome.status]).toEqual([code, 1]);
    expectNoSecretIn(outcome, client);
  });

  onTerminal('answers the prompts on a real pseudo-terminal', () => {
    const client = machine(NEW, {}, { realScript: true });

    const outcome = client.run('activate', ACTIVATE);

    expect(outcome.gist).toBe('activated');
    expect(client.state.users).toMatchObject(ACTIVE);
    expectNoSecretIn(outcome, client);
  });
});

describe('the configuration of the client', () => {
  test('names all HSMs and the anchor, every time', () => {
    const client = machine(ACTIVE, { addresses: ['10.0.0.2', '10.0.0.1'] });

    const { calls } = client.run('verify-admin', { AdminSecretArn: ADMIN_SECRET });

    expect(calls.find((call) => call.startsWith('configure-cli'))).toMatch(
      /^configure-cli -a 10.0.0.1 10.0.0.2 --hsm-ca-cert \S+\/etc\/customerCA.crt --enable-key-availability-check$/,
    );
    expect(client.read('root/etc/customerCA.crt')).toMatch(/^-----BEGIN CERTIFICATE-----\nMIIBanchor\n-----END CERTIFICATE-----\n/);
  });

  test('has the availability check off while there is one HSM only', () => {
    const { calls } = machine(ACTIVE, { addresses: ['10.0.0.1'] }).run('verify-admin', { AdminSecretArn: ADMIN_SECRET });

    expect(calls.find((call) => call.startsWith('configure-cli'))).toMatch(/ --disable-key-availability-check$/);
  });
});

describe('the installation of the client', () => {
  const PACKAGE_SUM = createHash('sha256').update('package').digest('hex');
  const arch = spawnSync('uname', ['-m'], { encoding: 'utf8' }).stdout.trim();
  const deb = arch === 'x86_64' ? 'amd64' : 'arm64';
  const install = (values: Record<string, string>) => machine(ACTIVE, {}, { installed: false }).run('verify-admin', { AdminSecretArn: ADMIN_SECRET, ...values });

  test('takes place once', () => {
    const client = machine(ACTIVE, {}, { installed: false });

    const first = client.run('verify-admin', { AdminSecretArn: ADMIN_SECRET });
    const second = client.run('verify-admin', { AdminSecretArn: ADMIN_SECRET });

    expect(first.gist).toBe('verified');
    expect(first.calls.filter((call) => call.startsWith('dnf'))).toHaveLength(1);
    expect(first.calls.find((call) => call.startsWith('curl'))).toContain(`https://example.com/Amzn2023/cloudhsm-cli-latest.amzn2023.${arch}.rpm`);
    expect(second.calls.filter((call) => /^(dnf|curl)/.test(call))).toEqual([]);
  });

  test('comes from a bucket when told to', () => {
    const { calls } = install({ PackageSource: 's3://mine/hsm', PackageVersion: '5.18.0' });

    expect(calls.find((call) => call.startsWith('aws s3'))).toContain(`s3 cp --no-progress s3://mine/hsm/cloudhsm-cli-5.18.0-1.amzn2023.${arch}.rpm`);
  });

  test.each([
    ['latest', 'https://example.com/Noble', `https://example.com/Noble/cloudhsm-cli_latest_u24.04_${deb}.deb`],
    ['5.18.0', 's3://mine', `s3://mine/cloudhsm-cli_5.18.0-1_u24.04_${deb}.deb`],
  ])('on Ubuntu takes its packages: %s from %s', (PackageVersion, PackageSource, file) => {
    const { gist, calls } = install({ PackagePlatform: 'u24.04', PackageSource, PackageVersion });

    expect(gist).toBe('verified');
    expect(calls.find((call) => /^(curl|aws s3)/.test(call))).toContain(file);
    expect(calls.filter((call) => /^(dnf|apt-get)/.test(call))).toEqual([expect.stringMatching(/^apt-get install -y .*\/cloudhsm-cli_\S+\.deb$/)]);
  });

  test('on Ubuntu fetches the lists of packages when it needs them', () => {
    const client = machine(ACTIVE, {}, { installed: false, noLists: true });

    const { gist, calls } = client.run('verify-admin', { AdminSecretArn: ADMIN_SECRET, PackagePlatform: 'u22.04' });

    expect(gist).toBe('verified');
    expect(calls.filter((call) => call.startsWith('apt-get')).map((call) => call.split(' ')[1])).toEqual(['install', 'update', 'install']);
  });

  test.each([['fits', PACKAGE_SUM, 'verified'], ['does not fit', '0'.repeat(64), 'PackageChecksumWrong']])('whose checksum %s', (_, sum, gist) => {
    const outcome = install({ PackageChecksums: `${'1'.repeat(64)} other.rpm,${sum} cloudhsm-cli-latest.amzn2023.${arch}.rpm` });

    expect(outcome.gist).toBe(gist);
    expect(outcome.calls.some((call) => call.startsWith('dnf'))).toBe(gist === 'verified');
  });
});

const HOST = { Software: 'cloudhsm-cli=configure-cli', PackagePlatform: 'u24.04', KeyAvailabilityOption: '--enable-key-availability-check', FollowSeconds: '300' };
const boot = (client: ClientMachine) => client.run('set-up-client', HOST, ['set-up']);

describe('the first boot of a client', () => {
  test('configures what it installs by the cluster\'s id, and has a timer follow the cluster', () => {
    const client = machine(ACTIVE, {}, { installed: false });

    const outcome = boot(client);

    const { gist, calls } = outcome;
    expect(gist).toBe('configured');
    expect(calls.find((call) => call.startsWith('configure-cli')))
      .toMatch(new RegExp(`^configure-cli --cluster-id ${CLUSTER_ID} --region eu-west-1 --hsm-ca-cert \\S+/etc/customerCA.crt --enable-key-availability-check$`));
    expect(client.read('root/etc/customerCA.crt')).toMatch(/^-----BEGIN CERTIFICATE-----\nMIIBanchor\n-----END CERTIFICATE-----\n/);
    expect(calls.filter((call) => call.startsWith('systemctl'))).toEqual(['systemctl daemon-reload', 'systemctl enable --now cloudhsm-addresses.timer']);
    expect(client.read('units/cloudhsm-addresses.timer')).toContain('\nOnUnitActiveSec=300\n');
    expect(client.read('units/cloudhsm-addresses.service')).toMatch(/\nExecStart=\/\S+ follow\n/);
    expect(calls.some((call) => call.startsWith('snap'))).toBe(false);
    expectNoSecretIn(outcome, client);
  });

  test('while the cluster is paused installs, and leaves the rest to the timer', () => {
    const client = machine(ACTIVE, { addresses: [] }, { installed: false });

    const { gist, calls } = boot(client);

    expect(gist).toBe('paused');
    expect(calls.some((call) => call.startsWith('configure-cli'))).toBe(false);
    expect(calls).toContain('systemctl enable --now cloudhsm-addresses.timer');
  });

  test('from the image of a host that had the same HSMs configures all the same', () => {
    const client = machine(ACTIVE);
    boot(client);

    expect(boot(client).gist).toBe('configured');
  });

  test.each<[string, Partial<MachineState>, string | undefined, string]>([
    ['the trust anchor may not be read', { denied: ['ssm'] }, undefined, 'TrustAnchorUnreadable'],
    ['the cluster may not be looked up', { denied: ['cloudhsmv2'] }, undefined, 'ClusterUnreadable'],
    ['a component cannot be configured', {}, 'configure-fails', 'ConfigureFailed'],
    ['there is no systemd', {}, 'no-systemd', 'TimerNotStarted'],
  ])('fails when %s', (_, state, file, code) => {
    const client = machine(ACTIVE, state);
    if (file) client.put(file);

    const outcome = boot(client);

    expect([outcome.gist, outcome.status]).toEqual([code, 1]);
    expectNoSecretIn(outcome, client);
  });

  test('installs the AWS CLI where there is none', () => {
    const { gist, calls } = boot(machine(ACTIVE, {}, { installed: false, noAws: true, noScript: true }));

    expect(gist).toBe('configured');
    expect(calls.slice(0, 2)).toEqual(['snap wait system seed.loaded', 'snap install aws-cli --classic']);
  });

  test('says what it lacks when the AWS CLI cannot be had', () => {
    const client = machine(ACTIVE, {}, { installed: false, noAws: true, noScript: true });
    client.take('aws');

    const outcome = boot(client);

    expect(outcome.errorOutput).toContain('cloudhsm-error AwsCliMissing there is no AWS CLI, and it cannot be installed as a snap (error: cannot reach the store)');
    expectNoSecretIn(outcome, client);
  });
});

describe('a client that follows its cluster', () => {
  const follow = (client: ClientMachine, state: Partial<MachineState> = {}) => {
    client.state = { ...client.state, ...state };
    const outcome = client.run('set-up-client', HOST, ['follow']);
    expectNoSecretIn(outcome, client);
    return { gist: outcome.gist, configured: outcome.calls.filter((call) => call.startsWith('configure-cli')).length, calls: outcome.calls };
  };
  const booted = () => {
    const client = machine(ACTIVE);
    boot(client);
    return client;
  };

  test('looks once, and does nothing while the HSMs are the same, in whatever order', () => {
    const client = booted();

    expect(follow(client, { addresses: ['10.0.0.2', '10.0.0.1'] })).toEqual({ gist: 'unchanged', configured: 0, calls: [expect.stringMatching(/^aws cloudhsmv2 describe-clusters /)] });
  });

  test.each([['more', ['10.0.0.1', '10.0.0.2', '10.0.0.3']], ['fewer', ['10.0.0.1']], ['other', ['10.0.0.8', '10.0.0.9']]])('configures once when it has %s HSMs', (_, addresses) => {
    const client = booted();

    expect([follow(client, { addresses }), follow(client)]).toMatchObject([{ gist: 'configured', configured: 1 }, { gist: 'unchanged', configured: 0 }]);
  });

  test('keeps what it knows of a cluster that is paused', () => {
    const client = booted();
    const { addresses } = client.state;

    expect(follow(client, { addresses: [] })).toMatchObject({ gist: 'paused', configured: 0 });
    expect(follow(client, { addresses })).toMatchObject({ gist: 'unchanged', configured: 0 });
  });

  test('tries again what has failed', () => {
    const client = booted();
    client.put('configure-fails');

    const first = follow(client, { addresses: ['10.0.0.1', '10.0.0.3'] }).gist;
    client.take('configure-fails');

    expect([first, follow(client).gist, follow(client).gist]).toEqual(['ConfigureFailed', 'configured', 'unchanged']);
  });

  test('keeps what it knows while the cluster may not be looked up', () => {
    const client = booted();

    expect(follow(client, { denied: ['cloudhsmv2'] })).toMatchObject({ gist: 'ClusterUnreadable', configured: 0 });
    expect(follow(client, { denied: [] }).gist).toBe('unchanged');
  });

  test('is told what else its script can do', () => {
    expect(booted().run('set-up-client', HOST, ['stop']).gist).toBe('UnknownCommand');
  });
});

describe('verify-admin', () => {
  const verify = (users: Record<string, HsmUser>, state: Partial<MachineState> = {}, values = {}) => {
    const client = machine(users, state);
    return { client, outcome: client.run('verify-admin', { AdminSecretArn: ADMIN_SECRET, ...values }) };
  };

  test('logs in once', () => {
    const { client, outcome } = verify(ACTIVE);

    expect(outcome.gist).toBe('verified');
    expect(logins(client)).toEqual(['cdk_automation true']);
    expectNoSecretIn(outcome, client);
  });

  test('takes the name in whatever case, as the HSM does', () => {
    expect(verify(ACTIVE, { secrets: { [ADMIN_SECRET]: secret('v', 'CDK_Automation', ADMIN_PASSWORD) } }).outcome.gist).toBe('verified');
  });

  test('with a wrong password tries once and names the version', () => {
    const { client, outcome } = verify({ ...ACTIVE, cdk_automation: { role: 'admin', password: 'OldPassword5' } });

    expect(outcome.gist).toBe('LoginRefused');
    expect(outcome.errorOutput).toMatch(/^cloudhsm-refused-version v-admin$/m);
    expect(logins(client)).toEqual(['cdk_automation false']);
    expectNoSecretIn(outcome, client);
  });

  test('does not try a version that was refused before', () => {
    const { client, outcome } = verify(ACTIVE, {}, { RefusedVersions: 'v-admin' });

    expect(outcome.gist).toBe('LoginRefusedBefore');
    expect(logins(client)).toEqual([]);
  });

  test('needs an admin of that name', () => {
    const { client, outcome } = verify({ admin: ACTIVE.admin });

    expect(outcome.gist).toBe('AutomationAdminMissing');
    expect(logins(client)).toEqual([]);
  });
});

describe('change-admin-password', () => {
  const FORMER = { ...ACTIVE, cdk_automation: { role: 'admin', password: FORMER_PASSWORD } };

  test('logs in with the former secret, changes, and verifies with the new one', () => {
    const client = machine(FORMER);

    const outcome = client.run('change-admin-password', CHANGE);

    expect(outcome.gist).toBe('changed');
    expect(client.state.users.cdk_automation.password).toBe(ADMIN_PASSWORD);
    expect(refusals(client)).toEqual([]);
    expectNoSecretIn(outcome, client);
  });

  test('repeated finds it changed, with one refused try, which it names', () => {
    const client = machine(FORMER);
    client.run('change-admin-password', CHANGE);

    const outcome = client.run('change-admin-password', CHANGE);

    expect([outcome.gist, outcome.status]).toEqual(['unchanged', 0]);
    expect(outcome.errorOutput).toMatch(/^cloudhsm-refused-version v-former$/m);
    expect(refusals(client)).toEqual(['cdk_automation false']);
  });

  test('falls back to the argument when prompts cannot be answered', () => {
    const client = machine(FORMER, { promptsWork: false });

    expect(client.run('change-admin-password', CHANGE).gist).toBe('changed');
    expect(client.state.users.cdk_automation.password).toBe(ADMIN_PASSWORD);
  });

  test('that does not work says that the former secret is still right', () => {
    const client = machine(FORMER, { promptsWork: false, argumentWorks: false });

    const outcome = client.run('change-admin-password', CHANGE);

    expect(outcome.gist).toBe('PasswordNotChanged');
    expect(client.state.users.cdk_automation.password).toBe(FORMER_PASSWORD);
    expectNoSecretIn(outcome, client, true);
  });

  test('when neither secret logs in tries each once and names both versions', () => {
    const client = machine({ ...ACTIVE, cdk_automation: { role: 'admin', password: 'OldPassword5' } });

    const outcome = client.run('change-admin-password', CHANGE);

    expect(outcome.gist).toBe('LoginRefused');
    expect(outcome.errorOutput.match(/^cloudhsm-refused-version .*$/gm)).toEqual(['cloudhsm-refused-version v-former', 'cloudhsm-refused-version v-admin']);
    expect(refusals(client)).toHaveLength(2);
  });

  test('passes over a former version that was refused before, and tries the new secret once', () => {
    const client = machine(ACTIVE);

    const outcome = client.run('change-admin-password', { ...CHANGE, RefusedVersions: 'v-former' });

    expect([outcome.gist, outcome.status]).toEqual(['unchanged', 0]);
    expect(refusals(client)).toEqual([]);
  });

  test('tries nothing when both versions were refused before', () => {
    const client = machine(ACTIVE);

    const outcome = client.run('change-admin-password', { ...CHANGE, RefusedVersions: 'v-former,v-admin' });

    expect(outcome.gist).toBe('LoginRefusedBefore');
    expect(logins(client)).toEqual([]);
  });

  test('logs in with the version of the former secret that it is told, and with no other', () => {
    const client = machine(FORMER);

    const outcome = client.run('change-admin-password', { ...CHANGE, FormerAdminSecretVersions: 'v-former' });
    const unknown = client.run('change-admin-password', { ...CHANGE, FormerAdminSecretVersions: 'v-long-gone' });

    expect(outcome.gist).toBe('changed');
    expect(unknown.gist).toBe('SecretUnreadable');
    expectNoSecretIn(outcome, client);
  });

  test('tries the version before the likelier one once, and nothing that was refused before', () => {
    const secrets = { ...SECRETS, [pendingOf(FORMER_SECRET)]: secret('v-later', 'cdk_automation', 'OldPassword5') };
    const [fresh, warned] = [machine(FORMER, { secrets }), machine(FORMER, { secrets })];

    const outcome = fresh.run('change-admin-password', { ...CHANGE, FormerAdminSecretVersions: 'v-later,v-former' });
    const later = warned.run('change-admin-password', { ...CHANGE, FormerAdminSecretVersions: 'v-later,v-former', RefusedVersions: 'v-later' });

    expect([outcome.gist, later.gist]).toEqual(['changed', 'changed']);
    expect([refusals(fresh).length, refusals(warned).length]).toEqual([1, 0]);
    expect(outcome.errorOutput).toContain('cloudhsm-refused-version v-later');
    expectNoSecretIn(outcome, fresh);
  });

  test('tries two versions of the former secret and the new secret, and then gives up', () => {
    const secrets = { ...SECRETS, [pendingOf(FORMER_SECRET)]: secret('v-later', 'cdk_automation', 'OldPassword5') };
    const client = machine({ ...ACTIVE, cdk_automation: { role: 'admin', password: 'Another6' } }, { secrets });

    const outcome = client.run('change-admin-password', { ...CHANGE, FormerAdminSecretVersions: 'v-later,v-former' });

    expect(outcome.gist).toBe('LoginRefused');
    expect(refusals(client)).toHaveLength(3);
  });

  test('does not rename an admin', () => {
    const client = machine(FORMER, { secrets: { ...SECRETS, [ADMIN_SECRET]: secret('v', 'somebody', ADMIN_PASSWORD) } });

    expect(client.run('change-admin-password', CHANGE).gist).toBe('AdminRenamed');
    expect(logins(client)).toEqual([]);
  });
});

describe('ensure-user', () => {
  const APP: HsmUser = { role: 'crypto-user', password: USER_PASSWORD };
  const ensure = (users: Record<string, HsmUser>, values = {}, state: Partial<MachineState> = {}) => {
    const client = machine({ ...ACTIVE, ...users }, state);
    return { client, outcome: client.run('ensure-user', { ...ENSURE, ...values }) };
  };

  test('makes a user on every HSM, in lower case', () => {
    const { client, outcome } = ensure({});

    expect(outcome.gist).toBe('created');
    expect(client.state.users.app).toMatchObject({ ...APP, on: 2 });
    expect(refusals(client)).toEqual([]);
    expectNoSecretIn(outcome, client);
  });

  test('makes an admin, and finds him made', () => {
    const { client, outcome } = ensure({}, { UserRole: 'admin' });
    const again = client.run('ensure-user', { ...ENSURE, UserRole: 'admin', MayExist: 'true' });

    expect([outcome.gist, again.gist]).toEqual(['created', 'unchanged']);
    expect(client.state.users.app).toMatchObject({ role: 'admin', password: USER_PASSWORD, on: 2 });
    expectNoSecretIn(outcome, client);
  });

  test('connects three times: the list and the admin\'s login at once, the new user, then his own login and the list at once', () => {
    const all = commands(ensure({}).outcome);

    const looks = ['key list --max-items 1', 'user list'];
    expect([all.slice(0, 2).sort(), all[2], all.slice(3).sort()]).toEqual([looks, 'user create --username app --role crypto-user', looks]);
  });

  test('takes no version for refused by HSMs that cannot be reached', () => {
    const { outcome } = ensure({}, {}, { reachable: false });

    expect(outcome.gist).toBe('HsmUnreachable');
    expect(outcome.errorOutput).not.toContain('cloudhsm-refused-version');
  });

  test('fails when a new user is not let in, after one try', () => {
    const { client, outcome } = ensure({}, {}, { createSets: 'OldPassword5' });

    expect(outcome.gist).toBe('UserLoginRefused');
    expect(refusals(client)).toEqual(['app false']);
    expectNoSecretIn(outcome, client);
  });

  test('repeated leaves him alone and needs no admin', () => {
    const { client } = ensure({});

    const outcome = client.run('ensure-user', { ...ENSURE, MayExist: 'true' });

    expect(outcome.gist).toBe('unchanged');
    expect(commands(outcome)).toEqual(['user list', 'key list --max-items 1']);
  });

  test('refuses one who exists and leaves him alone, though his password may be the same', () => {
    const { client, outcome } = ensure({ app: APP });

    expect(outcome.gist).toBe('UserExists');
    expect(client.state.users.app).toMatchObject(APP);
    expect(logins(client).filter((login) => login.startsWith('app '))).toEqual([]);
  });

  test('takes one who exists over when told to, with the secret\'s password', () => {
    const { client, outcome } = ensure({ app: { role: 'crypto-user', password: 'OldPassword5' } }, { MayExist: 'true' });

    expect(outcome.gist).toBe('updated');
    expect(client.state.users.app.password).toBe(USER_PASSWORD);
    expectNoSecretIn(outcome, client);
  });

  test('repairs one who is on some HSMs only', () => {
    const { client, outcome } = ensure({ app: { ...APP, on: 1 } }, { MayExist: 'true' });

    expect(outcome.gist).toBe('updated');
    expect(client.state.users.app.on).toBe(2);
  });

  test.each<[string, Record<string, HsmUser>, Record<string, string>, Partial<MachineState>, string]>([
    ['he reaches one HSM only', {}, {}, { createReaches: 1 }, 'CoverageInconsistent'],
    ['he cannot be repaired', { app: { ...APP, on: 1 } }, { MayExist: 'true' }, { createReaches: 1 }, 'CoverageInconsistent'],
    ['he is logged in elsewhere', { app: { role: 'crypto-user', password: 'OldPassword5', kept: true } }, { MayExist: 'true' }, {}, 'UserLoginRefused'],
    ['he is an admin', { app: { role: 'admin' } }, { MayExist: 'true' }, {}, 'UserIsNoCryptoUser'],
    ['an admin is wanted and he is a crypto user', { app: { role: 'crypto-user' } }, { MayExist: 'true', UserRole: 'admin' }, {}, 'UserIsNoAdmin'],
    ['the secret is another\'s', {}, { UserName: 'other' }, {}, 'SecretOfAnother'],
    ['the admin cannot log in', { cdk_automation: { role: 'admin', password: 'OldPassword5' } }, {}, {}, 'LoginRefused'],
    ['the admin\'s version was refused before', {}, { RefusedVersions: 'v-admin' }, {}, 'LoginRefusedBefore'],
  ])('fails when %s', (_, users, values, state, code) => {
    const { client, outcome } = ensure(users, values, state);

    expect([outcome.gist, outcome.status]).toEqual([code, 1]);
    expectNoSecretIn(outcome, client, true);
  });

  test('falls back to the argument when prompts cannot be answered', () => {
    const { client, outcome } = ensure({}, {}, { promptsWork: false });

    expect(outcome.gist).toBe('created');
    expect(client.state.users.app.password).toBe(USER_PASSWORD);
  });

  onTerminal.each([
    '$HOME`id`$(id)', 'a & b; c | d > e', '%s%n\'#!{[*?]}', '-leading --password', '~^C^D^\u005f@,.=+', 'Enter password', 'Confirm password', 'x'.repeat(32),
  ])('sets what the secret says, and nothing else that a shell or a terminal makes of it: %s', (password) => {
    const client = machine(ACTIVE, { secrets: { ...SECRETS, [USER_SECRET]: secret('v-app', 'app', password) } }, { realScript: true });

    const outcome = client.run('ensure-user', ENSURE);

    expect(outcome.gist).toBe('created');
    expect(client.state.users.app.password).toBe(password);
    expect(commands(outcome).filter((command) => command.includes('--password'))).toEqual([]);
  });

  onTerminal('types nothing at a prompt that it does not know, and gives the client up', () => {
    const client = machine(ACTIVE, { otherPrompt: true }, { realScript: true, promptSeconds: 3 });

    const outcome = client.run('ensure-user', ENSURE);

    expect(outcome.gist).toBe('created');
    expect(client.read('typed')).toBe('');
  });

  test('knows him from one whose name begins alike', () => {
    expect(ensure({ app2: { role: 'crypto-user', password: 'x' }, myapp: { role: 'crypto-user', password: 'x' } }).outcome.gist).toBe('created');
  });
});

describe('delete-user', () => {
  const remove = (users: Record<string, HsmUser>, values = {}) => {
    const client = machine({ ...ACTIVE, ...users });
    return { client, outcome: client.run('delete-user', { ...DELETE, ...values }) };
  };

  test('deletes him, and repeated finds him gone without a login', () => {
    const { client, outcome } = remove({ app: { role: 'crypto-user', password: USER_PASSWORD } });
    const again = client.run('delete-user', DELETE);

    expect([outcome.gist, again.gist]).toEqual(['deleted', 'gone']);
    expect(commands(again)).toEqual(['user list']);
    expectNoSecretIn(outcome, client);
  });

  test('deletes an admin', () => {
    const { client, outcome } = remove({ app: { role: 'admin', password: USER_PASSWORD } }, { UserRole: 'admin' });

    expect(outcome.gist).toBe('deleted');
    expect(Object.keys(client.state.users)).toEqual(['admin', 'cdk_automation']);
  });

  test('leaves one who owns keys', () => {
    const { client, outcome } = remove({ app: { role: 'crypto-user', kept: true } });

    expect([outcome.gist, outcome.status]).toEqual(['kept', 0]);
    expect(client.state.users.app).toBeDefined();
  });

  test('with a wrong password tries once', () => {
    const { client, outcome } = remove({ app: { role: 'crypto-user' }, cdk_automation: { role: 'admin', password: 'OldPassword5' } });

    expect(outcome.gist).toBe('LoginRefused');
    expect(refusals(client)).toHaveLength(1);
  });
});

describe('reset-kms-user', () => {
  const KMSUSER = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:kmsuser';
  const secrets = { ...SECRETS, [KMSUSER]: secret('v-kms', 'kmsuser', USER_PASSWORD) };
  const reset = (users: Record<string, HsmUser>, state: Partial<MachineState> = {}, options?: MachineOptions) => {
    const client = machine({ ...ACTIVE, ...users }, { secrets, ...state }, options);
    return { client, outcome: client.run('reset-kms-user', { AdminSecretArn: ADMIN_SECRET, UserSecretArn: KMSUSER }) };
  };

  test('makes the user on every HSM', () => {
    const { client, outcome } = reset({});

    expect(outcome.gist).toBe('created');
    expect(client.state.users.kmsuser).toMatchObject({ role: 'crypto-user', password: USER_PASSWORD, on: 2 });
    expect(refusals(client)).toEqual([]);
    expectNoSecretIn(outcome, client);
  });

  test.each<[string, HsmUser]>([
    ['of another password', { role: 'crypto-user', password: 'OldPassword5' }], ['on some HSMs only', { role: 'crypto-user', password: 'OldPassword5', on: 1 }],
    ['who is locked', { role: 'crypto-user', password: 'OldPassword5', refusals: 5 }], ['who has the password already', { role: 'crypto-user', password: USER_PASSWORD }],
  ])('gives one %s the password on every HSM, without a refused login', (_, kmsuser) => {
    const { client, outcome } = reset({ kmsuser });

    expect(outcome.gist).toBe('changed');
    expect(client.state.users.kmsuser).toMatchObject({ role: 'crypto-user', password: USER_PASSWORD });
    expect([2, undefined]).toContain(client.state.users.kmsuser.on);
    expect(refusals(client)).toEqual([]);
    expectNoSecretIn(outcome, client);
  });

  test('gives the password as an argument only when prompts cannot be answered', () => {
    const { client, outcome } = reset({}, { promptsWork: false });

    expect(outcome.gist).toBe('created');
    expect(client.state.users.kmsuser.password).toBe(USER_PASSWORD);
    expectNoSecretIn(outcome, client, true);
  });

  test.each<[string, Record<string, HsmUser>, Partial<MachineState>, string]>([
    ['the user reaches one HSM only', {}, { createReaches: 1 }, 'CoverageInconsistent'],
    ['the user cannot be repaired', { kmsuser: { role: 'crypto-user', on: 1 } }, { createReaches: 1 }, 'CoverageInconsistent'],
    ['the user is logged in elsewhere', { kmsuser: { role: 'crypto-user', password: 'OldPassword5', kept: true } }, {}, 'UserLoginRefused'],
    ['the user is an admin', { kmsuser: { role: 'admin' } }, {}, 'UserIsNoCryptoUser'],
    ['the secret is another\'s', {}, { secrets: { ...SECRETS, [KMSUSER]: secret('v', 'app', USER_PASSWORD) } }, 'SecretOfAnother'],
    ['the admin cannot log in', { cdk_automation: { role: 'admin', password: 'OldPassword5' } }, {}, 'LoginRefused'],
  ])('fails when %s', (_, users, state, code) => {
    const { client, outcome } = reset(users, state);

    expect([outcome.gist, outcome.status]).toEqual([code, 1]);
    expectNoSecretIn(outcome, client, true);
  });
});

describe('every script', () => {
  test.each(scriptNames())('%s passes the shell\'s own check when put together', (name) => {
    expect(spawnSync('bash', ['-n'], { input: concatenated(name), encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  const shellcheck = spawnSync('shellcheck', ['--version']).status === 0 ? test : test.skip;

  shellcheck.each(scriptNames())('%s is clean to shellcheck when put together', (name) => {
    // Not every script uses every function and value of the prelude.
    const { stdout } = spawnSync('shellcheck', ['--shell=bash', '--exclude=SC2034,SC2317,SC2329', '-'], {
      input: concatenated(name, { ...ACTIVATE, ...CHANGE, ...ENSURE, ...ROTATE, Software: 'cloudhsm-pkcs11=configure-pkcs11', KeyAvailabilityOption: '--enable', FollowSeconds: '300' }), encoding: 'utf8',
    });

    expect(stdout).toBe('');
  });

  test.each(scriptFiles())('%s has nothing that bash 3.2 does not know', (_, text) => {
    const code = text.split('\n').filter((line) => !/^\s*#/.test(line)).join('\n');

    for (const newer of [
      /\bmapfile\b|\breadarray\b|\bcoproc\b|\bwait -n\b|\$EPOCH/, /\b(declare|local|typeset) -[a-zA-Z]*[Ang]/, /\$\{\w+(\[[^\]]*\])?(,|\^|@)/, /&>>|\|&|;;&|;&/,
      /\bshopt -s (globstar|lastpipe)\b/,
    ]) expect(code).not.toMatch(newer);
  });

  test.each(scriptFiles())('%s reads no secret into an argument of a program but by the named fallback', (name, text) => {
    const lines = text.split('\n').filter((line) => line.includes('--password '));

    expect(lines).toHaveLength(name === 'admin.sh' ? 1 : 0);
  });

  test('names its cluster', () => {
    expect(concatenated('activate')).toContain(`ClusterId='${CLUSTER_ID}'`);
  });
});
