import { PARAMETER_NAMES } from './resource-contract';

/** What a rule says to the function that copies backups. */
export interface BackupCopyOrder {
  readonly ClusterId: string;
  /** Where copies go. */
  readonly Regions: string[];
  /** Days after which a copy goes, counted from when its original was made; the newest stays whatever its age. */
  readonly RetentionDays: number;
}

/** Tag of the copies, with the id of their cluster: what has another one is not ours to delete. */
export const COPY_TAG = 'cdk-cloudhsm:copy-of';

/** Parameters of the cluster that a restore in another Region needs; no secret is among them. */
export const CARRIED_PARAMETERS = [PARAMETER_NAMES.trustAnchor, PARAMETER_NAMES.signedCertificate];

/** Dimension and metric. */
export const COPY_DIMENSION = 'ClusterId';
export const COPY_METRICS = {
  /** Seconds for which changes may be in no copy, in the Region where that is longest. */
  age: 'BackupCopyAge',
} as const;
