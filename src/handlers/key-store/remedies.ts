import type { KeyStore } from '../aws/key-stores';

/**
 * What connecting failed of, and what helps, as KMS documents it. A code that is not here is shown as it is.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/fix-keystore.html
 */
const REMEDIES: Readonly<Record<string, string>> = {
  CLUSTER_NOT_FOUND: 'the cluster does not exist any more; restore one from a backup of it and give that to the key store',
  INSUFFICIENT_CLOUDHSM_HSMS: 'the cluster has no active HSM; set hsmCount to 2 or more, then deploy again',
  INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET: 'a subnet of the cluster has no free address for an interface of KMS; free two addresses in each, then deploy again',
  INTERNAL_ERROR: 'KMS had an error of its own; deploy again',
  INVALID_CREDENTIALS: 'somebody changed the password of kmsuser meanwhile; stop what does, then deploy again: every deploy sets a new one',
  NETWORK_ERRORS: 'KMS did not reach the HSMs; check that network ACLs and the cluster\'s security group let TCP 2223 to 2225 through, wait a few minutes, then deploy again',
  SUBNET_NOT_FOUND: 'a subnet of the cluster was deleted; restore a cluster from a backup into other subnets and give that to the key store',
  USER_LOCKED_OUT: 'kmsuser is locked by too many failed logins; stop what logs in as kmsuser, then deploy again: every deploy sets a new password, which unlocks the user',
  USER_LOGGED_IN: 'somebody is logged in as kmsuser; log out everywhere (another program, or another key store of this cluster), then deploy again',
  USER_NOT_FOUND: 'kmsuser is not a crypto user on every HSM; compare the HSMs by cloudhsm-cli user list, delete kmsuser if its coverage is inconsistent, then deploy again',
};

export function connectionFailure({ name, errorCode = 'unknown' }: KeyStore): { readonly code: string; readonly message: string } {
  const remedy = REMEDIES[errorCode] ?? 'see the KMS Developer Guide, "Fixing a custom key store", then deploy again';
  return { code: 'KeyStoreNotConnected', message: `key store ${name} could not be connected: ${errorCode}: ${remedy}` };
}

/** What KMS refuses at once, by the name of its exception. */
const REFUSALS: Readonly<Record<string, string>> = {
  CloudHsmClusterInUseException: 'the cluster, or one with the same backup history, belongs to another key store already: a cluster has one, use that',
  CloudHsmClusterInvalidConfigurationException: 'KMS needs two active HSMs in two Availability Zones, private subnets, and TCP 2223 to 2225 open both ways within the '
    + 'cluster\'s own security group; mend that, then deploy again',
  CloudHsmClusterNotActiveException: 'the cluster is not ACTIVE; deploy again when it is',
  CloudHsmClusterNotFoundException: 'KMS does not find the cluster in this account and Region',
  CloudHsmClusterNotRelatedException: 'the cluster does not share the backup history of the key store\'s own; give one that was made from its backup',
  CustomKeyStoreNameInUseException: 'the name is taken in this account and Region; choose another customKeyStoreName',
  IncorrectTrustAnchorException: 'the parameter with the trust anchor does not hold the certificate that the cluster was initialized with; put that in',
  LimitExceededException: 'an account has at most ten custom key stores in a Region, whatever their state; delete one',
};

export function refusalText(what: string, { code, message }: { readonly code: string; readonly message: string }): string {
  return `KMS refused to ${what}: ${REFUSALS[code] ?? message} (${code})`;
}
