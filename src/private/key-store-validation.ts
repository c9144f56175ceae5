import type { Problem } from './errors';

/** Limits, each with where it comes from. */
const NAME_LENGTH = { min: 1, max: 256 };
const HSMS_NEEDED = 2;
const WINDOW_DAYS = { min: 7, max: 30 };
const DESCRIPTION_LENGTH = 8_192;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateCustomKeyStore.html */
export function keyStoreNameProblem(name: string): Problem | undefined {
  const { min, max } = NAME_LENGTH;
  if (name.length >= min && name.length <= max) return undefined;
  return { code: 'InvalidKeyStoreName', text: `customKeyStoreName must have ${min} to ${max} characters, got ${name.length}; choose a name of that length` };
}

/** What is known of the cluster that a store is to rest on. */
export interface StoreCluster {
  readonly hsmCount: number | undefined;
  readonly zones: readonly string[] | undefined;
  readonly networkType: string;
  readonly pauseKeyStores: boolean;
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/create-keystore.html */
export function storeClusterProblems({ hsmCount, zones, networkType, pauseKeyStores }: StoreCluster): Problem[] {
  const problems: Problem[] = [];
  if (networkType !== 'IPV4') {
    problems.push({
      code: 'NetworkTypeNotSupported',
      text: `a key store needs a cluster of networkType IPV4, got ${networkType}: KMS does not reach HSMs by IPv6; make a cluster with NetworkType.IPV4`,
    });
  }
  if (zones && new Set(zones).size < HSMS_NEEDED) {
    problems.push({
      code: 'TooFewZonesForKeyStore',
      text: `a key store needs a cluster with HSMs in ${HSMS_NEEDED} Availability Zones, got subnets in ${[...new Set(zones)].join(', ') || 'none'} only; choose vpcSubnets of the cluster in two zones`,
    });
  }
  if (hsmCount !== undefined && hsmCount < HSMS_NEEDED && !pauseKeyStores) {
    problems.push({
      code: 'TooFewHsmsForKeyStore',
      text: `a key store needs a cluster with ${HSMS_NEEDED} HSMs or more in two Availability Zones, got hsmCount ${hsmCount}; raise it, or set pauseKeyStores to disconnect the store while there are fewer`,
    });
  }
  return problems;
}

/** KMS takes one store for a cluster and all that share its backups. */
export function secondStoreProblem(first: string | undefined): Problem | undefined {
  if (first === undefined) return undefined;
  return { code: 'SecondKeyStore', text: `a cluster has one key store, and this one has ${first}; add keys to that, or make another cluster` };
}

/** What the user may wish of a key, as of `kms.Key`, of which a key in a key store has only the defaults. */
export interface KeyWishes {
  readonly keySpec: string | undefined;
  readonly keyUsage: string | undefined;
  readonly multiRegion: boolean | undefined;
  readonly enableKeyRotation: boolean | undefined;
  readonly hasRotationPeriod: boolean;
  /** `undefined` where synth does not know it. */
  readonly windowDays: number | undefined;
  readonly descriptionLength: number | undefined;
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/create-cmk-keystore.html */
export function keyProblems(wishes: KeyWishes): Problem[] {
  const problems: Problem[] = [];
  if (wishes.keySpec !== undefined && wishes.keySpec !== 'SYMMETRIC_DEFAULT') {
    problems.push({
      code: 'KeySpecNotSupported',
      text: `keySpec of a key in a key store must be SYMMETRIC_DEFAULT, got ${wishes.keySpec}: KMS keeps only AES-256 keys in CloudHSM; leave it out, or use kms.Key`,
    });
  }
  if (wishes.keyUsage !== undefined && wishes.keyUsage !== 'ENCRYPT_DECRYPT') {
    problems.push({
      code: 'KeyUsageNotSupported',
      text: `keyUsage of a key in a key store must be ENCRYPT_DECRYPT, got ${wishes.keyUsage}: the keys are symmetric and encrypt only; leave it out, or use kms.Key`,
    });
  }
  if (wishes.multiRegion) {
    problems.push({
      code: 'MultiRegionNotSupported',
      text: 'multiRegion is not possible for a key in a key store: its material never leaves the HSMs of its cluster; leave it out, or use kms.Key',
    });
  }
  if (wishes.enableKeyRotation || wishes.hasRotationPeriod) {
    problems.push({
      code: 'RotationNotSupported',
      text: 'enableKeyRotation is not possible for a key in a key store: KMS does not rotate keys in CloudHSM; make another key and let the alias point to it, the old one goes on decrypting',
    });
  }
  const { min, max } = WINDOW_DAYS;
  if (wishes.windowDays !== undefined && !(Number.isInteger(wishes.windowDays) && wishes.windowDays >= min && wishes.windowDays <= max)) {
    problems.push({ code: 'InvalidPendingWindow', text: `pendingWindow must be ${min} to ${max} whole days, got ${wishes.windowDays}; choose such a duration` });
  }
  if (wishes.descriptionLength !== undefined && wishes.descriptionLength > DESCRIPTION_LENGTH) {
    problems.push({
      code: 'InvalidKeyDescription', text: `description must have at most ${DESCRIPTION_LENGTH} characters, got ${wishes.descriptionLength}; shorten it`,
    });
  }
  return problems;
}

/** SNAPSHOT synthesizes to a DeletionPolicy that CloudFormation refuses for these types. What rests on a thing that goes, goes with it. */
export function restingRemovalProblem(thing: 'key store' | 'key', policy: string, base: 'cluster' | 'key store', basePolicy: string): Problem | undefined {
  if (policy === 'snapshot') {
    return { code: 'SnapshotNotSupported', text: `removalPolicy SNAPSHOT is not possible for a ${thing}; use DESTROY, or RETAIN_ON_UPDATE_OR_DELETE, which keeps it` };
  }
  if (basePolicy !== 'destroy' || policy === 'destroy') return undefined;
  return {
    code: base === 'cluster' ? 'KeptLongerThanCluster' : 'KeptLongerThanKeyStore',
    text: `removalPolicy of a ${thing} must be DESTROY when that of its ${base} is, got ${policy}; leave it out to use that of the ${base}, or keep the ${base} too`,
  };
}
