import type { Cluster } from '../aws/cloudhsm';
import type { IssuedByPrivateCa } from '../aws/private-cas';
import type { Memory } from '../engine/memory';
import type { Origin } from '../origin';

export type InitializationAct =
  | { readonly kind: 'verify-identity' }
  | { readonly kind: 'record-evidence' }
  /** Certificates are made, or those that were given are taken over. */
  | { readonly kind: 'issue' }
  | { readonly kind: 'take-over' }
  /** AWS Private CA is asked for a certificate, and what it issued is checked and written down. */
  | { readonly kind: 'order' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'initialize' }
  | { readonly kind: 'forget' };

export interface ObservedInitialization {
  readonly cluster: Cluster | undefined;
  readonly origin: Origin | undefined;
  /** Whether the CSR that the cluster shows is the one that was written down with HSM 1. */
  readonly csr: 'none' | 'recorded' | 'other';
  readonly hasSignedCertificate: boolean;
  readonly trustAnchor: { readonly fingerprint: string; readonly notAfter: string } | undefined;
  /** Whether the cluster's certificate was signed by the trust anchor; `undefined` when it cannot be told. */
  readonly anchorFits: boolean | undefined;
  /** What an external authority has made: nothing yet, something, or what is written down already. */
  readonly external?: 'awaited' | 'given' | 'taken over';
  /** What AWS Private CA has issued for the cluster. */
  readonly issued?: IssuedByPrivateCa;
  /** Whether the stack goes back to what it was; only looked at where that makes a difference. */
  readonly isRollingBack?: boolean;
}

export interface InitializationMemory extends Memory {
  readonly initializeAttempts?: number;
  readonly initializedAt?: number;
  readonly refused?: { readonly code: string; readonly message: string; /** Found before the service was asked. */ readonly here?: boolean };
  /** The certificate that AWS Private CA was asked for, and when. */
  readonly certificateArn?: string;
  readonly orderedAt?: number;
  readonly isIdentityVerified?: boolean;
  readonly isEvidenceRenewed?: boolean;
  readonly forgotten?: boolean;
}
