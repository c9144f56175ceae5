import type { Problem } from './errors';

/** Limits, each with where it comes from. */
const HSMS = { min: 0, max: 28 };
const RETENTION_DAYS = { min: 7, max: 379 };
const SUBNETS = { min: 1, max: 10 };
const AUTHORITY_YEARS = { min: 1, max: 100 };
const AUTHORITY_KINDS = ['KMS', 'PRIVATE_CA', 'EXTERNAL'];
const USER_NAME = /^[A-Za-z0-9_]{1,31}$/;
const CLUSTER_ID = /^cluster-[2-7a-zA-Z]{11,16}$/;
const RESERVED_USER_NAMES = ['admin', 'app_user', 'cdk_automation', 'kmsuser'];

/** @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/limits.html */
export function hsmCountProblem(count: number | undefined): Problem | undefined {
  if (count === undefined || (Number.isInteger(count) && count >= HSMS.min && count <= HSMS.max)) return undefined;
  return {
    code: 'InvalidHsmCount',
    text: `hsmCount must be a whole number from ${HSMS.min} to ${HSMS.max}, got ${count}; use 2 or more for production, 0 to pause the cluster`,
  };
}

/** @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/manage-backup-retention.html */
export function backupRetentionProblem(days: number | undefined): Problem | undefined {
  if (days === undefined || (Number.isInteger(days) && days >= RETENTION_DAYS.min && days <= RETENTION_DAYS.max)) return undefined;
  return {
    code: 'InvalidBackupRetention',
    text: `backupRetention must be between ${RETENTION_DAYS.min} and ${RETENTION_DAYS.max} days, got ${days}; `
      + 'choose a whole number of days in that range or leave it out to use the service default of 90 days',
  };
}

/** What is known of a subnet at synth. An unknown zone is `undefined`. */
export interface KnownSubnet {
  readonly path: string;
  readonly availabilityZone: string | undefined;
  readonly isPublic: boolean;
}

/** @see https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_CreateCluster.html */
export function subnetProblems(subnets: readonly KnownSubnet[], publicAllowed: boolean): Problem[] {
  const problems: Problem[] = [];
  if (subnets.length < SUBNETS.min || subnets.length > SUBNETS.max) {
    problems.push({
      code: 'InvalidSubnetCount',
      text: `a cluster takes ${SUBNETS.min} to ${SUBNETS.max} subnets, one for each Availability Zone, got ${subnets.length}; choose them by vpcSubnets`,
    });
  }
  const zones = subnets.flatMap(({ availabilityZone }) => availabilityZone ?? []);
  const shared = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (shared) {
    const paths = subnets.filter(({ availabilityZone }) => availabilityZone === shared).map(({ path }) => path);
    problems.push({
      code: 'SubnetsShareZone',
      text: `subnets ${paths.join(' and ')} are both in ${shared}; a cluster takes one subnet for each Availability Zone: set onePerAz in vpcSubnets or name the subnets`,
    });
  }
  const open = subnets.find(({ isPublic }) => isPublic);
  if (open && !publicAllowed) {
    problems.push({
      code: 'PublicSubnet',
      text: `subnet ${open.path} is public; HSMs belong into private subnets: choose those by vpcSubnets, or set allowPublicSubnets if you mean it`,
    });
  }
  return problems;
}

/** @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/cluster-hsm-types.html */
export function hsmTypeProblems(
  type: { name: string; supportsNonFips: boolean; isAvailableForNewClusters: boolean }, nonFips: boolean, isAdopted: boolean = false,
): Problem[] {
  const problems: Problem[] = [];
  if (!type.isAvailableForNewClusters && !isAdopted) {
    problems.push({
      code: 'HsmTypeNotAvailable',
      text: `hsmType ${type.name} is not available: CloudHSM makes no new clusters of it; use HsmType.HSM2M_MEDIUM, or import the cluster you have by Cluster.fromClusterAttributes`,
    });
  }
  if (nonFips && !type.supportsNonFips) {
    problems.push({ code: 'ModeNotSupported', text: `mode NON_FIPS is not possible with hsmType ${type.name}, which allows FIPS only; use HsmType.HSM2M_MEDIUM` });
  }
  return problems;
}

/** @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/cloudhsm_cli-user-create.html */
export function userNameProblem(userName: string): Problem | undefined {
  if (RESERVED_USER_NAMES.includes(userName.toLowerCase())) {
    return {
      code: 'ReservedUserName',
      text: `userName must not be one of ${RESERVED_USER_NAMES.join(', ')}, got ${userName}: CloudHSM, KMS and this library use these themselves; choose another`,
    };
  }
  if (USER_NAME.test(userName)) return undefined;
  return { code: 'InvalidUserName', text: `userName must be 1 to 31 letters, digits and underscores, got ${JSON.stringify(userName)}; choose such a name` };
}

/** What an authority says of itself; `validityYears` is `undefined` where synth does not know it. */
export interface AuthorityWishes {
  readonly kind: string;
  readonly hasKey: boolean;
  readonly hasPrivateCa: boolean;
  readonly validityYears: number | undefined;
}

/** An authority that the handler cannot sign with. */
export function authorityProblems({ kind, hasKey, hasPrivateCa, validityYears }: AuthorityWishes): Problem[] {
  const problems: Problem[] = [];
  if (!AUTHORITY_KINDS.includes(kind)) {
    problems.push({
      code: 'UnknownAuthorityKind',
      text: `kind of the certificate authority must be one of ${AUTHORITY_KINDS.join(', ')}, got ${kind}; return one of these from bind, or use CertificateAuthority.kms()`,
    });
  } else if (kind === 'KMS' && !hasKey) {
    problems.push({ code: 'AuthorityWithoutKey', text: `a certificate authority of kind ${kind} needs a key, got none; return the RSA key that signs from bind` });
  } else if (kind === 'PRIVATE_CA' && !hasPrivateCa) {
    problems.push({ code: 'AuthorityWithoutPrivateCa', text: `a certificate authority of kind ${kind} needs privateCa, got none; return the authority that signs from bind` });
  }
  const { min, max } = AUTHORITY_YEARS;
  if (validityYears !== undefined && !(Number.isInteger(validityYears) && validityYears >= min && validityYears <= max)) {
    problems.push({
      code: 'InvalidAuthorityValidity',
      text: `validity of the certificate authority must be ${AUTHORITY_YEARS.min} to ${AUTHORITY_YEARS.max} whole years, got ${validityYears}; use ten years or more`,
    });
  }
  return problems;
}

/** Days are turned into years at synth, and no template can divide. */
export function unknownValidityProblem(isUnknown: boolean): Problem | undefined {
  if (!isUnknown) return undefined;
  return {
    code: 'UnknownAuthorityValidity',
    text: 'validity of the certificate authority must be known when the app is synthesized, got a token; give a duration like Duration.days(7300)',
  };
}

/** What the user says of how many HSMs are where. */
export interface PlacementWishes {
  readonly hsmCount: number | undefined;
  /** A count is `undefined` where synth does not know it. */
  readonly placement: ReadonlyArray<{
    readonly subnet: { readonly node: { readonly path: string } };
    readonly count: number | undefined;
  }> | undefined;
  readonly subnets: ReadonlyArray<{ readonly node: { readonly path: string } }>;
  readonly activate: boolean;
  /** `undefined` where synth does not know it. */
  readonly total: number | undefined;
}

/** Wishes that exclude each other. */
export function placementProblems({ hsmCount, placement, subnets, activate, total }: PlacementWishes): Problem[] {
  const problems: Problem[] = [];
  if (placement && hsmCount !== undefined) {
    problems.push({ code: 'CountAndPlacement', text: `hsmCount ${hsmCount} and placement are both given; placement says how many there are: leave hsmCount out` });
  }
  const foreign = placement?.find(({ subnet }) => !subnets.includes(subnet));
  if (foreign) {
    problems.push({
      code: 'SubnetNotOfCluster',
      text: `placement names subnet ${foreign.subnet.node.path}, which is not one of the cluster's (${subnets.map(({ node }) => node.path).join(', ')}); choose one of these`,
    });
  }
  const twice = placement?.find(({ subnet }, index) => placement.findIndex((other) => other.subnet === subnet) !== index);
  if (twice) {
    problems.push({ code: 'SubnetPlacedTwice', text: `placement names subnet ${twice.subnet.node.path} twice; name each subnet once, with all its HSMs` });
  }
  const odd = placement?.find(({ count }) => count === undefined || !Number.isInteger(count) || count < 0);
  if (odd) {
    problems.push({
      code: 'InvalidPlacementCount',
      text: `count in placement must be a whole number from 0 that is known when the app is synthesized, got ${odd.count ?? 'a token'} for ${odd.subnet.node.path}; choose such a number`,
    });
  }
  if (!activate && total !== undefined && total > 1) {
    problems.push({
      code: 'TooManyHsmsBeforeActivation',
      text: `with activate: false a cluster has one HSM until it is ACTIVE, got ${total}; set hsmCount to 1, raise it when activate is true`,
    });
  }
  return problems;
}

/** What is said of a cluster that is to be taken over. */
export interface AdoptionWishes {
  readonly isAdopted: boolean;
  /** `undefined` where synth does not know it. */
  readonly clusterId: string | undefined;
  readonly hasAdminSecret: boolean;
  readonly hasAuthority: boolean;
  readonly activate: boolean;
}

/** A cluster that is there already comes with its trust anchor and its admins. */
export function adoptionProblems({ isAdopted, clusterId, hasAdminSecret, hasAuthority, activate }: AdoptionWishes): Problem[] {
  if (!isAdopted) return [];
  const problems: Problem[] = [];
  if (clusterId !== undefined && !CLUSTER_ID.test(clusterId)) {
    problems.push({
      code: 'InvalidAdoptedClusterId',
      text: `adoptedClusterId must be the id of a cluster, such as cluster-igklspoyj5v, got ${JSON.stringify(clusterId)}; look it up by aws cloudhsmv2 describe-clusters`,
    });
  }
  if (!hasAdminSecret) {
    problems.push({
      code: 'AdoptionWithoutAdminSecret',
      text: 'adoptedClusterId needs adminSecret, got none; give the secret with name and password of an admin of that cluster',
    });
  }
  if (hasAuthority) {
    problems.push({
      code: 'AdoptionWithAuthority',
      text: 'adoptedClusterId and certificateAuthority exclude each other: that cluster has its trust anchor for ever; leave certificateAuthority out',
    });
  }
  if (!activate) {
    problems.push({
      code: 'AdoptionWithoutActivation',
      text: 'adoptedClusterId and activate: false exclude each other: only an ACTIVE cluster is adopted; leave activate out',
    });
  }
  return problems;
}

/** SNAPSHOT synthesizes to a DeletionPolicy that CloudFormation refuses for these types. */
export function removalPolicyProblem(thing: 'cluster' | 'crypto user' | 'admin', policy: string): Problem | undefined {
  if (policy !== 'snapshot') return undefined;
  return {
    code: 'SnapshotNotSupported',
    text: `removalPolicy SNAPSHOT is not possible for ${thing === 'admin' ? 'an' : 'a'} ${thing}; use DESTROY, which leaves the service's backups, or RETAIN_ON_UPDATE_OR_DELETE, which keeps everything`,
  };
}

/** What rests on a cluster goes with it: kept, it would be of no use, and its secret could not be decrypted any more. */
export function keptLongerProblem(thing: 'crypto user' | 'admin', policy: string, clusterPolicy: string): Problem | undefined {
  if (clusterPolicy !== 'destroy' || policy === 'destroy') return undefined;
  return {
    code: 'KeptLongerThanCluster',
    text: `removalPolicy of ${thing === 'admin' ? 'an' : 'a'} ${thing} must be DESTROY when its cluster's is, got ${policy}; leave it out to use the cluster's, or keep the cluster too`,
  };
}

/** Function and policies of a provider name what belongs to the cluster: from another stack that is a circle. */
export function providerStackProblem(providerStack: string, stack: string): Problem | undefined {
  if (providerStack === stack) return undefined;
  return {
    code: 'ProviderInOtherStack',
    text: `lifecycleProvider must be in the same stack, ${stack}, got one in ${providerStack}; make one there, or leave it out to use the stack's own`,
  };
}
