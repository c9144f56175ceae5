import type { ResourceProperties } from './resource-contract';

/** From the CSR to an INITIALIZED cluster. */
export const INITIALIZATION_TYPE = 'Custom::CloudHSMInitialization';

/**
 * Which authority signs the CSR. `PRIVATE_CA`: one of AWS Private CA; `EXTERNAL`: somebody does, and the certificates are given in a later deploy; `NONE`: a cluster is adopted, which has
 * been initialized.
 */
export type AuthorityKind = 'KMS' | 'PRIVATE_CA' | 'EXTERNAL' | 'NONE';

export interface InitializationProperties extends ResourceProperties {
  readonly ClusterId: string;
  readonly Authority: AuthorityKind;
  /** Key that signs, for authority `KMS`. */
  readonly AuthorityKeyArn: string;
  /** Authority that issues, and the template it does so by, for authority `PRIVATE_CA`. */
  readonly PrivateCaArn?: string;
  readonly PrivateCaTemplateArn?: string;
  /** Validity in years: of the trust anchor, or of what `PRIVATE_CA` issues; empty: for as long as that lives. */
  readonly ValidityYears: string;
  /** Parameters in which the stack holds what an external authority has made; both absent until there is something. */
  readonly SignedCertificateSource?: string;
  readonly TrustAnchorSource?: string;
  /** Parameters in which the stack holds the roots that the hardware's certificates are verified by; both absent: they are not. */
  readonly AwsRootSources?: string[];
  readonly ManufacturerRootSources?: string[];
}

export interface InitializationAttributes {
  /** Parameter that holds the trust anchor's PEM. */
  readonly TrustAnchorParameterName: string;
  /** SHA-256 fingerprint of the trust anchor. */
  readonly TrustAnchorFingerprint: string;
  /** End of the trust anchor's validity, ISO 8601. */
  readonly TrustAnchorNotAfter: string;
}
