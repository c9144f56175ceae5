import { Refusal } from './stop';

/** A component's configuration file, in the shape that real installations have. */
export interface Configuration {
  readonly clusters: readonly ClusterEntry[];
  readonly logging: Readonly<Record<string, string>>;
}

export interface ClusterEntry {
  readonly type: string;
  readonly cluster: {
    readonly hsm_ca_file: string;
    readonly cluster_id?: string;
    readonly servers: ReadonlyArray<{ readonly hostname: string; readonly port: number; readonly enable: boolean }>;
    readonly options: Readonly<Record<string, string | boolean>>;
    readonly client_cert_path?: string;
    readonly client_key_path?: string;
    /** By what the client makes itself known to the HSMs. */
    readonly client_cert_hsm_tls_file?: string;
    readonly client_key_hsm_tls_file?: string;
  };
}

export function readConfiguration(file: string, text: string | undefined): Configuration | undefined {
  if (text === undefined) return undefined;
  try {
    const read = JSON.parse(text) as Partial<Configuration>;
    return {
      clusters: (read.clusters ?? []).map(({ type, cluster }) => ({
        type, cluster: { ...cluster, servers: cluster.servers ?? [], options: cluster.options ?? {} },
      })),
      logging: read.logging ?? {},
    };
  } catch {
    throw new Refusal('text-configuration', { file });
  }
}

/** The cluster that a command is for. */
export function clusterEntry({ clusters }: Configuration, wanted: string | undefined): ClusterEntry {
  if (wanted === undefined && clusters.length > 1) throw new Refusal('text-cluster-id');
  // An entry made with addresses alone does not know its cluster.
  const entry = clusters.find(({ cluster }) => wanted === undefined || cluster.cluster_id === wanted)
    ?? (clusters.length === 1 && clusters[0].cluster.cluster_id === undefined ? clusters[0] : undefined);
  if (!entry) throw wanted === undefined ? new Refusal('text-not-configured') : new Refusal('text-cluster-unknown', { cluster: wanted });
  return entry;
}
