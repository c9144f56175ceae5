/**
 * What every custom resource of this library says to its handler. The contract files are all that constructs and
 * handlers share; nothing else crosses.
 */
export interface ResourceProperties {
  readonly ServiceToken: string;
  /** Seconds CloudFormation waits for the answer. */
  readonly ServiceTimeout: string;
  /** The machine that carries a request through: a property, because function and machine would otherwise need each other. */
  readonly StateMachineArn: string;
}

/**
 * Minutes that CloudFormation waits for a custom resource; its own limit is an hour. The waits of every one sum to at most 50, so that a clean-up and
 * the answer still fit.
 */
export const SERVICE_TIMEOUT_MINUTES = 58;

/** Under this prefix lie the parameters of all clusters: `/cdk-cloudhsm/<cluster id>/<name>`. */
export const PARAMETER_PREFIX = '/cdk-cloudhsm';

/** Names of the parameters kept for a cluster, below `PARAMETER_PREFIX`. */
export const PARAMETER_NAMES = {
  /** How the cluster came under this library's care: decides what may be deleted. */
  origin: 'origin',
  clusterCsr: 'evidence/cluster-csr',
  hsmCertificate: 'evidence/hsm-certificate',
  awsHardwareCertificate: 'evidence/aws-hardware-certificate',
  manufacturerHardwareCertificate: 'evidence/manufacturer-hardware-certificate',
  fingerprints: 'evidence/fingerprints',
  /** What came of verifying the hardware by its manufacturer's and AWS's roots. */
  identity: 'evidence/identity',
  /** Backup, and cluster of the backup, that a restored cluster came from. */
  restoredFrom: 'evidence/restored-from',
  trustAnchor: 'trust-anchor',
  signedCertificate: 'signed-certificate',
  /** Conditional creates of generation numbers below it are the one-writer lease. */
  lease: 'lease',
  /** Secret versions whose login was refused: never tried again. */
  refusedLogins: 'refused-logins',
  /** A change of the automation admin's secret that failed: its rollback needs no login. */
  failedAdminChange: 'failed-admin-change',
  /** The newest backup before the first HSM was taken away, and by which request: the last one waits for a newer backup. */
  firstRemoval: 'first-removal',
  /** HSMs that a failed growth could not take back at once: the first to go in its rollback, whatever has become of them by then. */
  latecomers: 'latecomers',
} as const;

/** Name of a parameter that belongs to a cluster. */
export function clusterParameterName(clusterId: string, name: string): string {
  return `${PARAMETER_PREFIX}/${clusterId}/${name}`;
}

/** Environment of the function. */
export const ENVIRONMENT = {
  /** Key under which response URLs are sealed. */
  providerKeyArn: 'PROVIDER_KEY_ARN',
  /** The function's own timeout in seconds: how long a stopped execution may still be acting. */
  functionTimeoutSeconds: 'FUNCTION_TIMEOUT_SECONDS',
} as const;

