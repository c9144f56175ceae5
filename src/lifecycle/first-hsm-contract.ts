import type { ResourceProperties } from './resource-contract';

/** HSM 1 of a cluster, the evidence that can be read only now, and the audit log group. */
export const FIRST_HSM_TYPE = 'Custom::CloudHSMFirstHsm';

export interface FirstHsmProperties extends ResourceProperties {
  readonly ClusterId: string;
  /** Zones in which HSMs may be placed, comma-separated; the first one that the cluster has takes HSM 1. */
  readonly AvailabilityZones: string;
  /** Days the audit log is kept; empty: for ever. */
  readonly AuditLogRetentionDays: string;
  /** Key that encrypts the audit log; empty: CloudWatch's own. */
  readonly AuditLogKeyArn: string;
  /** The cluster that is to be taken over as it is; absent: one that was made. */
  readonly AdoptedClusterId?: string;
  /** `true`: the cluster was made from a backup. It is ACTIVE without an HSM, and never shows a signing request. */
  readonly IsRestored?: string;
  /** `<subnet id>=<address>,<address>…` each: where new HSMs go there; absent: the service chooses their addresses. */
  readonly Addresses?: string[];
}

export interface FirstHsmAttributes {
  readonly SecurityGroupId: string;
  readonly VpcId: string;
  readonly AuditLogGroupName: string;
}
