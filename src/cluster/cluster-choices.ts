import type { ICluster } from './cluster-ref';
import type { NetworkType } from './network-type';

/** What synth knows of a cluster that is made in this app, for those that rest on it. */
export interface KnownChoices {
  /** `undefined` where synth does not know it. */
  readonly hsmCount: number | undefined;
  /** Zones in which HSMs may be; `undefined` where synth does not know all of them. */
  readonly zones: readonly string[] | undefined;
  readonly networkType: NetworkType;
  readonly activate: boolean;
  /** Whether key stores may be paused with the cluster. */
  readonly pauseKeyStores: boolean;
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
