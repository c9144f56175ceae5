import { clusterEntry, readConfiguration } from './configuration';
import type { ClusterEntry } from './configuration';
import { readFile } from './files';
import type { RunInput } from './input';
import { Refusal } from './stop';
import type { Context } from '../../../wire/operation';
import type { HsmLink } from '../hsm/link';
import { isMutual, NO_MUTUAL } from '../hsm/mutual';
import type { ClientIdentity } from '../hsm/mutual';
import { dial } from '../hsm/port';

export interface Connected {
  readonly links: readonly HsmLink[];
  readonly entry: ClusterEntry;
  /** The client has made itself known by a certificate that the HSMs trust. */
  readonly mutual: boolean;
  /** Emulated milliseconds that connecting took. */
  readonly chargeMs: number;
}

/** A connection was refused or timed out; that takes its time too. */
export class NotConnected extends Refusal {
  public constructor(row: string, public readonly chargeMs: number, public readonly hint: string) {
    super(row);
  }
}

/** What a command line names before anything is dialled: the cluster's entry in the component's configuration file. */
export function configured(context: Context, input: RunInput, clusterId: string | undefined): ClusterEntry {
  const file = `${context.row('cloudhsm-client/configuration-folder')}/cloudhsm-cli.cfg`;
  const configuration = readConfiguration(file, input.files[file]);
  if (!configuration) throw new Refusal('text-not-configured');
  const entry = clusterEntry(configuration, clusterId);
  if (entry.cluster.servers.every(({ enable }) => enable === false)) throw new Refusal('text-not-configured');
  return entry;
}

/** Dials every configured HSM. Those that do not answer are left out, as long as one does. */
export function connect(context: Context, input: RunInput, entry: ClusterEntry): Connected {
  const trusted = input.files[entry.cluster.hsm_ca_file];
  if (trusted === undefined) throw new Refusal('text-ca-file', { file: entry.cluster.hsm_ca_file });
  const identity = identityOf(input, entry);
  const { links, problems } = dial(context, {
    from: context.caller.position,
    addresses: entry.cluster.servers.filter(({ enable }) => enable !== false).map(({ hostname }) => hostname),
    trusted,
    version: input.version,
    ...(identity ? { identity } : {}),
    discover: context.row('cloudhsm-client/discovers-rest'),
  });
  const waited = problems.some(({ problem }) => problem === 'unreachable') ? context.row<number>('cloudhsm-client/charge-unreachable') : 0;
  const chargeMs = waited + links.length * context.row<number>('cloudhsm-client/charge-connection');
  if (links.length === 0) {
    const worst = problems.find(({ problem }) => problem !== 'unreachable') ?? problems[0];
    throw new NotConnected(`text-${worst.problem}`, chargeMs, problems.map(({ missing }) => missing).filter(Boolean).join('; '));
  }
  const now = new Date(context.kernel.hostTime());
  return { links, entry, chargeMs, mutual: links.every(({ partition: { mtls = NO_MUTUAL } }) => isMutual(mtls, identity, now)) };
}

/** A component is configured with both files or with none. */
function identityOf(input: RunInput, { cluster }: ClusterEntry): ClientIdentity | undefined {
  const { client_cert_hsm_tls_file: certificate, client_key_hsm_tls_file: key } = cluster;
  if (certificate === undefined || key === undefined) return undefined;
  return { certificate: readFile(input, certificate).toString('utf8'), key: readFile(input, key).toString('utf8') };
}
