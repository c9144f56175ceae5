import { X509Certificate } from 'crypto';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import { BACKUP_ARN, CURRENT_VERSION } from '../../lifecycle/restored-cluster-contract';
import type { BackupSource } from '../../lifecycle/restored-cluster-contract';
import type { Aws } from '../aws';
import type { Backup } from '../aws/backups';
import { versionsInForce } from '../aws/secret-versions';

/** What is known of the backup that a cluster is to be made from. */
export interface ObservedSource {
  /** Region and account that the text names; absent: our own. */
  readonly named?: { readonly region: string; readonly account: string };
  /** `undefined` when there is none, or when it is another account's and not listed for us. */
  readonly backup: Backup | undefined;
  /** The trust anchor's PEM. */
  readonly trustAnchor: string | undefined;
  /** Certificate of the cluster that was backed up, while it exists. */
  readonly clusterCertificate: string | undefined;
  /** Versions of the admin's secret of which one was in force, the likelier first; empty: none is left. */
  readonly adminSecretVersionIds: readonly string[];
  /** The function's own Region and account, and the present. */
  readonly here: { readonly region: string; readonly account: string; readonly now: number };
}

/** The ARN of whatever asks tells where we are. */
export async function observeSource(aws: Aws, source: BackupSource, stackId: string, now: number): Promise<ObservedSource> {
  const [, , , region, account] = stackId.split(':');
  const here = { region, account, now };
  const [, , namedRegion, namedAccount, idOfArn] = BACKUP_ARN.exec(source.BackupId ?? '') ?? [];
  const named = namedRegion === undefined ? undefined : { region: namedRegion, account: namedAccount };
  const nothing = { named, here, backup: undefined, trustAnchor: undefined, clusterCertificate: undefined, adminSecretVersionIds: [] };
  if (named && named.region !== region) return nothing;

  const isForeign = named !== undefined && named.account !== account;
  const backup = source.BackupId === undefined
    ? newestReady(await aws.backups.of(source.SourceClusterId!))
    : await aws.backups.find(idOfArn ?? source.BackupId, isForeign);
  if (!backup && !isForeign) return nothing;
  const clusterId = backup?.clusterId;
  const anchorName = source.TrustAnchorSource ?? (clusterId && clusterParameterName(clusterId, PARAMETER_NAMES.trustAnchor));
  const [trustAnchor, described, versions] = await Promise.all([
    anchorName ? aws.parameters.get(anchorName) : undefined,
    clusterId ? aws.cloudHsm.describe(clusterId) : undefined,
    aws.secretVersions.versions(source.BackupAdminSecretArn),
  ]);
  return {
    named,
    here,
    backup,
    trustAnchor,
    clusterCertificate: described?.certificates.clusterCertificate,
    adminSecretVersionIds: backup?.createdAt === undefined ? [CURRENT_VERSION] : versionsInForce(versions, backup.createdAt).map(({ id }) => id),
  };
}

function newestReady(backups: readonly Backup[]): Backup | undefined {
  return backups.filter(({ state }) => state === 'READY').sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

interface Wanted {
  readonly HsmType: string;
  readonly Mode: string;
}

/** An older type goes to the newer one, and never back. */
const SUCCESSORS: Readonly<Record<string, readonly string[]>> = { 'hsm1.medium': ['hsm2m.medium'] };

/** Why no cluster can be made from it, before one is. */
export function sourceProblem(source: BackupSource, { HsmType, Mode }: Wanted, observed: ObservedSource): Refusal | undefined {
  const { named, here, backup, adminSecretVersionIds } = observed;
  const what = source.BackupId ?? `the newest backup of ${source.SourceClusterId}`;
  if (named && named.region !== here.region) {
    return { code: 'BackupOfOtherRegion', message: `${what} is in ${named.region}, this stack in ${here.region}; copy the backup to ${here.region} and give the copy's id` };
  }
  if (!backup && (!named || named.account === here.account)) {
    return source.BackupId === undefined
      ? { code: 'NoBackup', message: `cluster ${source.SourceClusterId} has no READY backup in this Region; CloudHSM makes one on activation, when HSMs come and go, and every day` }
      : { code: 'BackupGone', message: `${what} does not exist in this Region; see aws cloudhsmv2 describe-backups for those that do` };
  }
  if (backup && backup.state !== 'READY') {
    const way = backup.state === 'PENDING_DELETION' ? `take it back by aws cloudhsmv2 restore-backup --backup-id ${backup.backupId}` : 'wait until it is';
    return { code: 'BackupNotReady', message: `${what} is ${backup.state}, and a cluster is made from a READY backup only; ${way}, then deploy again` };
  }
  if (backup?.mode !== undefined && backup.mode !== Mode) {
    return { code: 'BackupModeDiffers', message: `${what} was made in mode ${backup.mode}, and mode is ${Mode}; set mode to ${backup.mode}: it never changes` };
  }
  const { hsmType = HsmType } = backup ?? {};
  if (hsmType !== HsmType && !SUCCESSORS[hsmType]?.includes(HsmType)) {
    return { code: 'BackupTypeDiffers', message: `${what} was made on ${hsmType} and cannot be restored onto ${HsmType}; set hsmType to ${[hsmType, ...SUCCESSORS[hsmType] ?? []].join(' or ')}` };
  }
  return anchorProblem(what, observed) ?? (adminSecretVersionIds.length === 0 ? {
    code: 'AdminPasswordOfBackupGone',
    message: `every version of secret ${source.BackupAdminSecretArn} is newer than ${what} (${new Date(backup!.createdAt!).toISOString()}), so the password in that backup is not `
      + 'there any more; choose a later backup, or give adminSecret of the backup a secret that holds it',
  } : undefined);
}

function anchorProblem(what: string, { trustAnchor, clusterCertificate, backup, here }: ObservedSource): Refusal | undefined {
  if (trustAnchor === undefined) {
    return {
      code: 'TrustAnchorMissing',
      message: `the trust anchor of ${backup?.clusterId ?? what} is not known here; give trustAnchor of the backup the certificate that the cluster was initialized with (customerCA.crt)`,
    };
  }
  const certificate = readable(trustAnchor);
  if (!certificate) return { code: 'TrustAnchorUnreadable', message: `the trust anchor for ${what} is not a certificate in PEM; give trustAnchor of the backup the customerCA.crt of its cluster` };
  if (Date.parse(certificate.validTo) < here.now) {
    return { code: 'TrustAnchorExpired', message: `the trust anchor for ${what} expired on ${certificate.validTo}; no client trusts a cluster that is made from that backup` };
  }
  return anchorFits(certificate, clusterCertificate) ? undefined : wrongAnchor(what);
}

export function wrongAnchor(what: string): Refusal {
  return {
    code: 'TrustAnchorWrong',
    message: `the trust anchor given for ${what} did not sign the certificate of its cluster; give the one that the cluster was initialized with: a backup keeps it for ever`,
  };
}

/** Whether it signed the cluster's certificate, as far as that is shown. */
export function anchorFits(anchor: X509Certificate, clusterCertificate: string | undefined): boolean {
  return clusterCertificate === undefined || new X509Certificate(clusterCertificate).verify(anchor.publicKey);
}

export function readable(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
