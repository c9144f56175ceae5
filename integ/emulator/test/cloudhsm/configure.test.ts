import { ADMIN, Lab } from './lab';
import { CLIENT } from './neighbours';
import type { RunOutput } from '../../src/services/cloudhsm/client/input';
import { outside } from '../_helpers/world';

const CFG = '/opt/cloudhsm/etc/cloudhsm-cli.cfg';

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.stop());

function run(tool: string, argv: string[], files: Record<string, string> = {}, env: Record<string, string> = {}): RunOutput {
  return lab.call<RunOutput>('cloudhsm-client', 'Run', { tool, argv, files, env: { AWS_REGION: 'us-east-1', ...env } }, { ...outside(), position: CLIENT });
}

function written({ files = [] }: RunOutput): unknown {
  return JSON.parse(Buffer.from(files[0].base64, 'base64').toString('utf8'));
}

test('configure-cli writes the addresses it is given, in the shape of real installations', () => {
  const output = run('configure-cli', ['-a', '10.0.0.9', '10.0.1.9', '--disable-key-availability-check']);

  expect(output).toMatchObject({ exitCode: 0, stdout: '', stderr: '', files: [{ path: CFG, mode: 0o644 }] });
  expect(written(output)).toEqual({
    clusters: [{
      type: 'hsm1',
      cluster: {
        hsm_ca_file: '/opt/cloudhsm/etc/customerCA.crt',
        servers: [{ hostname: '10.0.0.9', port: 2223, enable: true }, { hostname: '10.0.1.9', port: 2223, enable: true }],
        options: { disable_key_availability_check: true },
      },
    }],
    logging: { log_type: 'file', log_file: '/opt/cloudhsm/run/cloudhsm-cli.log', log_level: 'info', log_interval: 'daily' },
  });
});

test('a later run changes what it names and keeps the rest', () => {
  const first = run('configure-cli', ['-a', '10.0.0.9']);
  const second = run('configure-cli', ['--hsm-ca-cert', '/etc/ca.pem', '--log-level=debug'], { [CFG]: Buffer.from(first.files![0].base64, 'base64').toString() });

  expect(written(second)).toMatchObject({
    clusters: [{ cluster: { hsm_ca_file: '/etc/ca.pem', servers: [{ hostname: '10.0.0.9' }] } }], logging: { log_level: 'debug' },
  });
});

test.each(['cli', 'pkcs11', 'dyn', 'jce', 'openssl-provider'])('configure-%s writes its own component\'s file only', (component) => {
  expect(run(`configure-${component}`, ['-a', '10.0.0.9']).files!.map(({ path }) => path)).toEqual([`/opt/cloudhsm/etc/cloudhsm-${component}.cfg`]);
});

test('--cluster-id writes all addresses that DescribeClusters shows, and what it writes works', async () => {
  const clusterId = await lab.active();
  await lab.hsmReaches(clusterId, lab.addHsm(clusterId, 'us-east-1c'), 'ACTIVE');
  lab.addHsm(clusterId, 'us-east-1c');

  const output = run('configure-cli', ['--cluster-id', clusterId]);

  const addresses = lab.cluster(clusterId).Hsms.flatMap(({ EniIp }) => (EniIp ? [{ hostname: EniIp }] : []));
  expect(addresses).toHaveLength(2);
  expect(written(output)).toMatchObject({ clusters: [{ cluster: { cluster_id: clusterId, servers: addresses } }] });
  expect(lab.calls.records.filter(({ position }) => position === 'vpc').at(-2))
    .toMatchObject({ service: 'cloudhsmv2', operation: 'DescribeClusters', principal: outside().principal.arn });

  const files = { [CFG]: Buffer.from(output.files![0].base64, 'base64').toString(), '/opt/cloudhsm/etc/customerCA.crt': lab.authority.anchor };
  const [CLOUDHSM_ROLE, CLOUDHSM_PIN] = ADMIN;
  expect(JSON.parse(run('cloudhsm-cli', ['key', 'list', '--cluster-id', clusterId], files, { CLOUDHSM_ROLE, CLOUDHSM_PIN }).stdout)).toMatchObject({ error_code: 0 });
  expect(JSON.parse(run('cloudhsm-cli', ['key', 'list', '--cluster-id', 'cluster-aaaaaaaaaaa'], files, { CLOUDHSM_ROLE, CLOUDHSM_PIN }).stdout)).toMatchObject({ error_code: 1 });
});

test.each([
  ['a cluster that is not there', ['--cluster-id', 'cluster-aaaaaaaaaaa'], 1, /could not be found/],
  ['a malformed cluster id', ['--cluster-id', 'mine'], 1, /DescribeClusters failed|could not be found/],
  ['addresses and a cluster at once', ['-a', '10.0.0.9', '--cluster-id', 'cluster-aaaaaaaaaaa'], 2, /cannot be used with/],
  ['a region without a cluster', ['-a', '10.0.0.9', '--region', 'us-east-1'], 2, /only be used with/],
  ['an unknown option', ['--colour', 'red'], 2, /unexpected argument/],
  ['an option without its value', ['--hsm-ca-cert'], 2, /value is required/],
  ['an unknown level', ['--log-level', 'loud'], 2, /possible values/],
])('refuses %s', (_title, argv, exitCode, expected) => {
  const output = run('configure-cli', argv);

  expect(output).toMatchObject({ exitCode, stdout: '' });
  expect(output.stderr).toMatch(expected);
  expect(output.files).toBeUndefined();
});

test('a cluster without HSMs gives no addresses', async () => {
  const clusterId = await lab.uninitialized();

  expect(run('configure-cli', ['--cluster-id', clusterId])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no HSM') as string });
});

test('what the client presents of itself is written beside the rest', () => {
  const { files: [file] = [] } = run('configure-cli', ['-a', '10.0.0.9', '--client-cert-hsm-tls-file', '/c.pem', '--client-key-hsm-tls-file', '/c.key']);

  expect(JSON.parse(Buffer.from(file.base64, 'base64').toString())).toMatchObject({
    clusters: [{ cluster: { client_cert_hsm_tls_file: '/c.pem', client_key_hsm_tls_file: '/c.key' } }],
  });
});
