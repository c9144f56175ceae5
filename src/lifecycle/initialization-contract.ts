import type { ResourceProperties } from './resource-contract';

/** From the CSR to an INITIALIZED cluster. */
export const INITIALIZATION_TYPE = 'Custom::CloudHSMInitialization';

/** Which authority signs the CSR; `NONE`: a cluster is adopted, which has been initialized. */
export type AuthorityKind = 'KMS' | 'NONE';

export interface InitializationProperties extends ResourceProperties {
  readonly ClusterId: string;
  readonly Authority: AuthorityKind;
  /** Key that signs, for authority `KMS`. */
  readonly AuthorityKeyArn: string;
  /** Validity of the trust anchor in years. */
  readonly ValidityYears: string;
}

export interface InitializationAttributes {
  /** Parameter that holds the trust anchor's PEM. */
  readonly TrustAnchorParameterName: string;
  /** SHA-256 fingerprint of the trust anchor. */
  readonly TrustAnchorFingerprint: string;
  /** End of the trust anchor's validity, ISO 8601. */
  readonly TrustAnchorNotAfter: string;
}
