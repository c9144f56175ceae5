import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ICluster } from './cluster-ref';
import type { NetworkType } from './network-type';
import type { Problem } from '../private/errors';

/** How long CloudHSM keeps backups of a cluster of which nothing else is said. */
export const DEFAULT_RETENTION_DAYS = 90;

/** What synth knows of a cluster that is made in this app, for those that rest on it. */
export interface KnownChoices {
  /** `undefined` where synth does not know it. */
  readonly hsmCount: number | undefined;
  /** Zones in which HSMs may be; `undefined` where synth does not know all of them. */
  readonly zones: readonly string[] | undefined;
  readonly networkType: NetworkType;
  /** What keeps the cluster from becoming ACTIVE in this deploy, and the way out; `undefined`: nothing. */
  readonly notActivated: string | undefined;
  /** Whether key stores may be paused with the cluster. */
  readonly pauseKeyStores: boolean;
  /** Whether its users are those of a backup. */
  readonly isRestored: boolean;
  /** How long its backups are kept, in days; `undefined` where synth does not know it. */
  readonly backupRetentionDays: number | undefined;
  /** Whether the automation admin's password changes by the clock: of backups that are gone it is not kept. */
  readonly rotatesAdmin: boolean;
}

const CHOICES = new WeakMap<ICluster, KnownChoices>();

/** Called by the cluster itself. */
export function noteChoices(cluster: ICluster, choices: KnownChoices): void {
  CHOICES.set(cluster, choices);
}

/** `undefined` for a cluster that is not made here. */
export function choicesOf(cluster: ICluster): KnownChoices | undefined {
  return CHOICES.get(cluster);
}

/** What needs an ACTIVE cluster, in the stack of one that is not going to be: it could never be deployed. A stack of its own may be deployed later. */
export function notActivatedProblem(what: string, scope: IConstruct, cluster: ICluster): Problem | undefined {
  const { notActivated } = choicesOf(cluster) ?? {};
  if (notActivated === undefined || Stack.of(scope) !== Stack.of(cluster)) return undefined;
  return { code: 'ClusterNotActivated', text: `${what} needs an ACTIVE cluster, and this one ${notActivated}` };
}
