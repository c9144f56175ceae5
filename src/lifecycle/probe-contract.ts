/**
 * What monitors say to the probe, and what it reports. Monitors make alarms of the metrics named here.
 */

/** Namespace of the metrics. */
export const PROBE_NAMESPACE = 'CdkCloudHSM';

/** A key store: can its key still make data keys? */
export interface KeyStoreProbe {
  readonly Probe: 'KEY_STORE';
  readonly CustomKeyStoreId: string;
  readonly KeyArn: string;
}

/** A cluster: where are HSMs, how old is the newest backup, how long do clients trust it? */
export interface ClusterProbe {
  readonly Probe: 'CLUSTER';
  readonly ClusterId: string;
  readonly TrustAnchorParameterName: string;
}

export type Probe = KeyStoreProbe | ClusterProbe;

/** Dimensions of the metrics: one each. */
export const PROBE_DIMENSIONS = { keyStore: 'CustomKeyStoreId', cluster: 'ClusterId' } as const;

export const PROBE_METRICS = {
  /** 1 if a data key was made, else 0. */
  dataKeyMade: 'DataKeyMade',
  /** Availability Zones with an ACTIVE HSM. */
  activeZones: 'ActiveZones',
  /** Seconds since the newest backup, or since the cluster was made; 0 while there is no HSM in which anything could change. */
  backupAge: 'BackupAge',
  /** Whole days until the trust anchor ends; 0 if it cannot be read as one. */
  trustAnchorDaysLeft: 'TrustAnchorDaysLeft',
} as const;
