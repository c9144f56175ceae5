import type { Problem } from './errors';

/** Regions of the service. https://docs.aws.amazon.com/general/latest/gr/cloudhsm.html */
const REGIONS = [
  'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'af-south-1', 'ap-east-1', 'ap-south-1', 'ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3',
  'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ca-central-1', 'eu-central-1', 'eu-central-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-south-1', 'eu-south-2',
  'eu-north-1', 'il-central-1', 'me-south-1', 'me-central-1', 'sa-east-1', 'us-gov-east-1', 'us-gov-west-1', 'cn-north-1',
];

/** As long as the service itself may keep a backup. https://docs.aws.amazon.com/cloudhsm/latest/userguide/manage-backup-retention.html */
const RETENTION_DAYS = { min: 7, max: 379 };

/** https://docs.aws.amazon.com/cloudhsm/latest/userguide/backups.html */
const BACKUP_EVERY_HOURS = 24;

/** An alarm's period is a day at the most. */
const INTERVAL_HOURS = { min: 1, max: 24 };

export interface BackupCopyWishes {
  /** Those that synth knows. */
  readonly regions: readonly string[];
  /** How many there are; `undefined` where synth does not know. */
  readonly regionCount: number | undefined;
  readonly ownRegion: string | undefined;
  /** Of the cluster. */
  readonly clusterRegion: string | undefined;
  readonly retentionDays: number | undefined;
  /** How long the cluster's own backups are kept, and whether its admin's password is rotated. */
  readonly backupRetentionDays: number | undefined;
  readonly rotatesAdmin: boolean;
  readonly intervalHours: number | undefined;
  readonly maxAgeHours: number | undefined;
}

export function backupCopyProblems(wishes: BackupCopyWishes): Problem[] {
  const { regions, regionCount, ownRegion, clusterRegion, retentionDays, intervalHours, maxAgeHours } = wishes;
  const problems: Problem[] = [];
  if (clusterRegion !== undefined && ownRegion !== undefined && clusterRegion !== ownRegion) {
    problems.push({
      code: 'CopyFromOtherRegion', text: `backups are copied from the cluster's Region, ${clusterRegion}, and the stack is in ${ownRegion}; make the BackupCopy in a stack of ${clusterRegion}`,
    });
  }
  if (regionCount === 0) problems.push({ code: 'NoCopyRegion', text: 'regions must name one Region or more, got none; name where copies are to go' });
  const [twice] = regions.filter((region, index) => regions.indexOf(region) !== index);
  if (twice !== undefined) problems.push({ code: 'CopyRegionTwice', text: `regions names ${twice} twice; name it once` });
  if (ownRegion !== undefined && regions.includes(ownRegion)) {
    problems.push({ code: 'CopyToOwnRegion', text: `regions must be other Regions than the cluster's, got ${ownRegion}: its backups are there anyway; name another` });
  }
  problems.push(...regions.flatMap((region) => regionProblem(region, ownRegion) ?? []));
  problems.push(...between('retention', 'days', 'InvalidCopyRetention', retentionDays, RETENTION_DAYS));
  problems.push(...outlivingProblem(wishes));
  problems.push(...between('interval', 'hours', 'InvalidCopyInterval', intervalHours, INTERVAL_HOURS));
  // One look has a copy made, the next one sees it.
  const least = BACKUP_EVERY_HOURS + 2 * (intervalHours ?? INTERVAL_HOURS.min);
  if (maxAgeHours !== undefined && maxAgeHours <= least) {
    problems.push({
      code: 'InvalidMaxCopyAge',
      text: `maxAge must be more than ${least} hours, got ${maxAgeHours}: CloudHSM makes a backup a day, one look copies it and the next one sees the copy; choose a longer one`,
    });
  }
  return problems;
}

/** The passwords of an admin are kept as long as the backups at home need them. */
function outlivingProblem({ retentionDays, backupRetentionDays, rotatesAdmin }: BackupCopyWishes): Problem[] {
  if (!rotatesAdmin || retentionDays === undefined || backupRetentionDays === undefined || retentionDays <= backupRetentionDays) return [];
  return [{
    code: 'CopiesOutliveBackups',
    text: `retention is ${retentionDays} days, backups of the cluster are kept for ${backupRetentionDays}, and the admin's password is rotated: passwords in older copies would `
      + `not be kept; choose ${backupRetentionDays} days or less, or raise backupRetention of the cluster`,
  }];
}

/** Backups do not leave their partition. */
function regionProblem(region: string, ownRegion: string | undefined): Problem | undefined {
  if (!REGIONS.includes(region)) {
    return { code: 'UnknownCopyRegion', text: `regions must be Regions with CloudHSM, got ${region}; choose one of ${REGIONS.join(', ')}` };
  }
  if (ownRegion === undefined || partitionOf(region) === partitionOf(ownRegion)) return undefined;
  return {
    code: 'CopyToOtherPartition',
    text: `backups cannot be copied from ${ownRegion} to ${region}: they do not leave their partition; choose a Region of the same one`,
  };
}

function partitionOf(region: string): string {
  return /^(us-gov|cn)-/.exec(region)?.[1] ?? 'aws';
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function between(name: string, unit: string, code: string, value: number | undefined, { min, max }: Range): Problem[] {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return [];
  return [{ code, text: `${name} must be ${min} to ${max} whole ${unit}, got ${value}; choose such a duration` }];
}
