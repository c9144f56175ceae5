import { parseOptions } from './arguments';
import type { Options, OptionShape } from './arguments';
import { readConfiguration } from './configuration';
import type { ClusterEntry, Configuration } from './configuration';
import type { RunInput, RunOutput } from './input';
import { NotBuilt, Refusal, sayIn, UsageError } from './stop';
import type { Context } from '../../../wire/operation';
import { ServiceError } from '../../../wire/operation';

const COMMON: Readonly<Record<string, OptionShape>> = {
  'a': 'many',
  'cluster-id': 'one',
  'region': 'one',
  'endpoint': 'one',
  'hsm-ca-cert': 'one',
  'client-cert-hsm-tls-file': 'one',
  'client-key-hsm-tls-file': 'one',
  'server-client-cert-file': 'one',
  'server-client-key-file': 'one',
  'disable-key-availability-check': 'flag',
  'enable-key-availability-check': 'flag',
  'disable-validate-key-at-init': 'flag',
  'enable-validate-key-at-init': 'flag',
  'default-retry-mode': 'one',
  'enable-ecdsa-with-weak-hash-function': 'flag',
  'disable-ecdsa-with-weak-hash-function': 'flag',
  'log-level': 'one',
  'log-file': 'one',
  'log-type': 'one',
  'log-rotation': 'one',
  'help': 'flag',
  'version': 'flag',
};

const OF_COMPONENT: Readonly<Record<string, Readonly<Record<string, OptionShape>>>> = {
  'cli': {},
  'pkcs11': { 'enable-certificate-storage': 'flag', 'disable-certificate-storage': 'flag' },
  'dyn': {},
  'jce': {},
  'openssl-provider': {},
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'default-retry-mode': ['off', 'standard'],
  'log-level': ['error', 'warn', 'info', 'debug', 'trace'],
  'log-type': ['term', 'file'],
  'log-rotation': ['never', 'hourly', 'daily', 'weekly'],
};

export function isConfigureTool(tool: string): boolean {
  return tool.replace(/^configure-/, '') in OF_COMPONENT && tool.startsWith('configure-');
}

/** `configure-<component>`: writes that component's file and no other. */
export function configure(context: Context, input: RunInput): RunOutput {
  const chargeMs = context.row<number>('cloudhsm-client/charge-configure');
  const done = (result: Partial<RunOutput>): RunOutput => ({ exitCode: 0, stdout: '', stderr: '', chargeMs, ...result });
  try {
    if (['add-cluster', 'remove-cluster'].includes(input.argv[0])) throw new NotBuilt(`${input.tool} ${input.argv[0]}`);
    const component = input.tool.slice('configure-'.length);
    const options = parseOptions(input.argv, { ...COMMON, ...OF_COMPONENT[component] }, { '-a': 'a', '-h': 'help', '-V': 'version' });
    if (options.has('help')) return done({ stdout: usage(input.tool, { ...COMMON, ...OF_COMPONENT[component] }) });
    if (options.has('version')) return done({ stdout: `${input.tool} ${input.version ?? context.row('cloudhsm-client/version')}\n` });
    demandSense(options);
    const path = `${context.row('cloudhsm-client/configuration-folder')}/cloudhsm-${component}.cfg`;
    const before = readConfiguration(path, input.files[path]) ?? fresh(context, component);
    const written = JSON.stringify(changed(context, input, options, before), null, 2);
    return done({ files: [{ path, mode: 0o644, base64: Buffer.from(`${written}\n`).toString('base64') }] });
  } catch (error) {
    if (error instanceof Refusal) {
      return done({ exitCode: context.row('cloudhsm-client/exit-failed'), stderr: `Error: ${sayIn(context, error.row, error.values)}\n` });
    }
    if (error instanceof UsageError) {
      return done({ exitCode: context.row('cloudhsm-client/exit-usage'), stderr: `error: ${error.message}\n\nFor more information, try '--help'.\n` });
    }
    throw error;
  }
}

function demandSense(options: Options): void {
  if (options.has('a') && options.has('cluster-id')) throw new UsageError("the argument '-a' cannot be used with '--cluster-id'");
  for (const name of ['region', 'endpoint']) {
    if (options.has(name) && !options.has('cluster-id')) throw new UsageError(`'--${name}' can only be used with '--cluster-id'`);
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = options.one(name);
    if (value !== undefined && !choices.includes(value)) throw new UsageError(`invalid value '${value}' for '--${name}' [possible values: ${choices.join(', ')}]`);
  }
}

/** As a package installs it. */
function fresh(context: Context, component: string): Configuration {
  return {
    clusters: [{
      type: context.row('cloudhsm-client/configuration-type'),
      cluster: { hsm_ca_file: context.row('cloudhsm-client/default-ca-file'), servers: [], options: { disable_key_availability_check: false } },
    }],
    logging: {
      log_type: 'file',
      log_file: `${context.row('cloudhsm-client/log-folder')}/cloudhsm-${component}.log`,
      log_level: 'info',
      log_interval: 'daily',
    },
  };
}

function changed(context: Context, input: RunInput, options: Options, before: Configuration): Configuration {
  const [first = fresh(context, '').clusters[0], ...others] = before.clusters;
  const clusterId = options.one('cluster-id');
  const addresses = clusterId === undefined ? options.many('a') : addressesOf(context, input, options, clusterId);
  const { cluster_id: knownId, ...cluster } = first.cluster;
  // Bare addresses may be those of another cluster.
  const id = clusterId ?? (options.has('a') ? undefined : knownId);
  const entry: ClusterEntry = {
    type: first.type,
    cluster: {
      ...cluster,
      hsm_ca_file: options.one('hsm-ca-cert') ?? cluster.hsm_ca_file,
      ...(id ? { cluster_id: id } : {}),
      servers: addresses.length > 0 ? addresses.map((hostname) => ({ hostname, port: 2223, enable: true })) : cluster.servers,
      options: { ...cluster.options, ...switches(options) },
      ...(options.has('client-cert-hsm-tls-file') ? { client_cert_hsm_tls_file: options.one('client-cert-hsm-tls-file') } : {}),
      ...(options.has('client-key-hsm-tls-file') ? { client_key_hsm_tls_file: options.one('client-key-hsm-tls-file') } : {}),
      ...(options.has('server-client-cert-file') ? { client_cert_path: options.one('server-client-cert-file') } : {}),
      ...(options.has('server-client-key-file') ? { client_key_path: options.one('server-client-key-file') } : {}),
    },
  };
  return { clusters: [entry, ...others], logging: { ...before.logging, ...logging(options) } };
}

/** `--disable-x` and `--enable-x`, under the one name that files in the wild show. */
function switches(options: Options): Record<string, string | boolean> {
  const found: Record<string, string | boolean> = {};
  const pairs = ['key-availability-check', 'validate-key-at-init'];
  for (const name of pairs) {
    if (options.has(`disable-${name}`)) found[`disable_${name.replaceAll('-', '_')}`] = true;
    if (options.has(`enable-${name}`)) found[`disable_${name.replaceAll('-', '_')}`] = false;
  }
  for (const name of ['ecdsa-with-weak-hash-function', 'certificate-storage']) {
    if (options.has(`enable-${name}`)) found[`enable_${name.replaceAll('-', '_')}`] = true;
    if (options.has(`disable-${name}`)) found[`enable_${name.replaceAll('-', '_')}`] = false;
  }
  const retry = options.one('default-retry-mode');
  return retry ? { ...found, retry_mode: retry } : found;
}

function logging(options: Options): Record<string, string> {
  const names = { 'log-level': 'log_level', 'log-file': 'log_file', 'log-type': 'log_type', 'log-rotation': 'log_interval' };
  return Object.fromEntries(Object.entries(names).flatMap(([option, name]) => {
    const value = options.one(option);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** All interface addresses that DescribeClusters shows to the caller. */
function addressesOf(context: Context, input: RunInput, options: Options, clusterId: string): string[] {
  const region = options.one('region') ?? input.env.AWS_DEFAULT_REGION ?? input.env.AWS_REGION ?? 'us-east-1';
  let clusters: Array<{ Hsms?: Array<{ EniIp?: string }> }>;
  try {
    clusters = context.at({ region })
      .call<{ Clusters: typeof clusters }>('cloudhsmv2', 'DescribeClusters', { Filters: { clusterIds: [clusterId] } }).Clusters;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const reason = error.code === 'Unreachable' ? context.row<string>('cloudhsm-client/text-configure-no-connection') : error.message;
    throw new Refusal('text-configure-call', { reason });
  }
  if (clusters.length === 0) throw new Refusal('text-configure-not-found', { cluster: clusterId });
  const addresses = (clusters[0].Hsms ?? []).flatMap(({ EniIp }) => (EniIp ? [EniIp] : []));
  if (addresses.length === 0) throw new Refusal('text-configure-no-hsm', { cluster: clusterId });
  return addresses;
}

function usage(tool: string, shapes: Readonly<Record<string, OptionShape>>): string {
  const options = Object.entries(shapes).map(([name, shape]) => `  ${name === 'a' ? '-a' : `--${name}`}${shape === 'flag' ? '' : ' <value>'}`);
  return [`Usage: ${tool} [OPTIONS]`, '', 'Options:', ...options, ''].join('\n');
}
