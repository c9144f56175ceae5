import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN, labAt } from './lab';
import type { CliOptions, Lab } from './lab';

const files = new Map<string, string>();

/** A root for clients, a certificate from it, and a stranger's of the same name. */
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'mtls-'));
  const openssl = (line: string): void => void execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'ignore' });
  for (const name of ['root', 'stranger']) {
    openssl(`req -x509 -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.pem -days 30 -subj /CN=clients`);
    openssl(`req -newkey rsa:2048 -nodes -keyout ${name}-client.key -out ${name}.csr -subj /CN=client`);
    openssl(`x509 -req -in ${name}.csr -CA ${name}.pem -CAkey ${name}.key -CAcreateserial -days 30 -out ${name}-client.pem`);
  }
  for (const name of ['root.pem', 'stranger.pem', 'root-client.pem', 'root-client.key', 'stranger-client.pem', 'stranger-client.key']) {
    files.set(`/${name}`, readFileSync(join(folder, name), 'utf8'));
  }
  rmSync(folder, { recursive: true, force: true });
});

let lab: Lab;
let clusterId: string;

beforeEach(async () => {
  ({ lab, clusterId } = await labAt('active'));
});

afterEach(() => lab.stop());

/** Runs a command as a client that presents a certificate, if it has one. */
function run(line: string, client?: string, options: CliOptions = { as: ADMIN }): { error_code: number; data: unknown } {
  const configuration = {
    clusters: [{
      type: 'hsm1',
      cluster: {
        hsm_ca_file: '/opt/cloudhsm/etc/customerCA.crt',
        servers: lab.cluster(clusterId).Hsms.map(({ EniIp }) => ({ hostname: EniIp, port: 2223, enable: true })),
        options: { disable_key_availability_check: true },
        ...(client ? { client_cert_hsm_tls_file: `/${client}.pem`, client_key_hsm_tls_file: `/${client}.key` } : {}),
      },
    }],
  };
  return lab.cli(clusterId, line.split(' '), {
    ...options, files: { '/opt/cloudhsm/etc/cloudhsm-cli.cfg': JSON.stringify(configuration), ...Object.fromEntries(files) },
  });
}

const register = (name: string): { error_code: number; data: unknown } => run(`cluster mtls register-trust-anchor --path /${name}.pem`);

test('two trust anchors can be registered, and be taken away again', () => {
  expect(register('root')).toEqual({
    error_code: 0, exitCode: 0, data: { trust_anchor: { 'certificate-reference': '0x01', 'certificate': files.get('/root.pem'), 'cluster-coverage': 'full' } },
  });
  expect(register('stranger').error_code).toBe(0);
  expect(register('stranger').data).toMatch(/2 trust anchors/);

  expect(run('cluster mtls deregister-trust-anchor --certificate-reference 0x01').data).toEqual({ message: 'Trust anchor with reference 0x01 deregistered successfully' });
  expect(run('cluster mtls deregister-trust-anchor --certificate-reference 1').data).toMatch(/no trust anchor/);
  expect(run('cluster mtls list-trust-anchors', undefined, {}).data).toMatchObject({ trust_anchors: [{ 'certificate-reference': '0x02' }] });
  expect(run('cluster mtls register-trust-anchor --path /root-client.key').data).toMatch(/not a certificate/);
});

test('enforcement is set by admin over mutual TLS only, and then shuts out whoever presents no certificate', () => {
  register('root');
  const enforce = 'cluster mtls set-enforcement --level cluster';
  expect(run(enforce).data).toMatch(/mutual TLS/);
  expect(run(enforce, 'stranger-client').data).toMatch(/mutual TLS/);

  expect(run(enforce, 'root-client').data).toEqual({ message: 'Mtls enforcement level set to Cluster successfully' });

  for (const client of [undefined, 'stranger-client']) expect(run('user list', client).data).toMatch(/demands mutual TLS/);
  expect(run('cluster mtls get-enforcement', 'root-client', {}).data).toEqual({ 'mtls-enforcement-level': 'cluster' });
  expect(run('cluster mtls set-enforcement --level none', 'root-client').error_code).toBe(0);
  expect(run('user list').error_code).toBe(0);
});

test('KMS cannot log in where mutual TLS is enforced', () => {
  const login = (): unknown => lab.call('cloudhsm-hsm', 'Login', {
    clusterId, trustAnchor: lab.authority.anchor, username: 'admin', role: 'admin', password: ADMIN[1].split(':')[1], from: { kind: 'service', service: 'kms' },
  });
  register('root');
  run('cluster mtls set-enforcement --level cluster', 'root-client');

  expect(login()).toMatchObject({ ok: false, code: 'not-mutual' });
});

test('anchors and enforcement come to HSMs that are added', async () => {
  register('root');
  run('cluster mtls set-enforcement --level cluster', 'root-client');
  const second = lab.addHsm(clusterId, 'us-east-1c');
  await lab.hsmReaches(clusterId, second, 'ACTIVE');

  expect(run('cluster mtls list-trust-anchors', 'root-client', {}).data).toMatchObject({ trust_anchors: [{ 'cluster-coverage': 'full' }] });
});
