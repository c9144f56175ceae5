import { Annotations, Token } from 'aws-cdk-lib';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { throwFirst } from '../private/errors';
import { authorityValidityProblem } from '../private/validation';

/** Settings of a certificate authority whose key is in AWS KMS. */
export interface KmsCertificateAuthorityOptions {
  /**
   * Key that signs: RSA 2048 or 4096, for signing and verifying.
   *
   * @default - a new RSA 4096 key, disabled once the cluster is ACTIVE
   */
  readonly key?: kms.IKey;

  /**
   * How long the trust anchor is valid. It can never be replaced, and clients stop trusting the cluster when it ends.
   *
   * @default Duration.days(7300), twenty years
   */
  readonly validity?: Duration;
}

/** What a certificate authority needs to know of the cluster it is for. */
export interface CertificateAuthorityBindOptions {
  /** Whether the authority's key goes with the cluster. */
  readonly removalPolicy: RemovalPolicy;
}

/** How a cluster's signing request is to be signed. */
export interface CertificateAuthorityConfig {
  /** Kind of the authority, as the handler knows it. */
  readonly kind: string;

  /**
   * Key that signs.
   *
   * @default - none
   */
  readonly key?: kms.IKey;

  /** Validity of the trust anchor, in years. */
  readonly validityYears: number;
}

const DEFAULT_YEARS = 20;
const DAYS_PER_YEAR = 365;

/** A trust anchor that ends sooner deserves a warning: it cannot be replaced. */
const SHORT_YEARS = 5;

/**
 * Who signs a cluster's certificate signing request, and so becomes the trust anchor of all its clients.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/initialize-cluster.html
 */
export abstract class CertificateAuthority {
  /**
   * An authority of its own for the cluster, whose private key is made in AWS KMS and never leaves it.
   */
  public static kms(options: KmsCertificateAuthorityOptions = {}): CertificateAuthority {
    return new KmsCertificateAuthority(options);
  }

  /** Called when the cluster is made. */
  public abstract bind(scope: Construct, options: CertificateAuthorityBindOptions): CertificateAuthorityConfig;
}

/** The authority behind `CertificateAuthority.kms()`. */
class KmsCertificateAuthority extends CertificateAuthority {
  constructor(private readonly options: KmsCertificateAuthorityOptions) {
    super();
  }

  public bind(scope: Construct, { removalPolicy }: CertificateAuthorityBindOptions): CertificateAuthorityConfig {
    const validityYears = this.options.validity === undefined ? DEFAULT_YEARS : yearsOf(this.options.validity);
    throwFirst(scope, [authorityValidityProblem(validityYears)]);
    if (validityYears < SHORT_YEARS) {
      Annotations.of(scope).addWarningV2('cdk-cloudhsm:shortTrustAnchor', `the trust anchor is valid for ${validityYears} years only and can never be `
        + 'replaced: clients stop trusting the cluster when it ends; use ten years or more');
    }
    const key = this.options.key ?? new kms.Key(scope, 'CertificateAuthorityKey', {
      description: 'Signs the trust anchor and the certificate of a CloudHSM cluster, once; disabled afterwards',
      keySpec: kms.KeySpec.RSA_4096,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      removalPolicy,
    });
    return { kind: 'KMS', key, validityYears };
  }
}

function yearsOf(validity: Duration): number {
  if (Token.isUnresolved(validity)) return DEFAULT_YEARS;
  return Math.floor(validity.toDays() / DAYS_PER_YEAR);
}
