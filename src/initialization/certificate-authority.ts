import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { throwFirst } from '../private/errors';
import { knownDays } from '../private/known';
import { unknownValidityProblem } from '../private/validation';

/** Settings of a certificate authority whose key is in AWS KMS. */
export interface KmsCertificateAuthorityOptions {
  /**
   * Key that signs: RSA 2048 or 4096, for signing and verifying. Disabled once the cluster is ACTIVE, so let it sign for one cluster only.
   *
   * @default - a new RSA 4096 key
   */
  readonly key?: kms.IKey;

  /**
   * How long the trust anchor is valid, in whole years of 365 days; what is left over is dropped. It can never be replaced, and clients stop trusting
   * the cluster when it ends.
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
  /** Kind of the authority. There is one: `KMS`, a key that signs in AWS KMS. */
  readonly kind: string;

  /**
   * Key that signs: RSA 2048 or 4096, for signing and verifying.
   *
   * @default - none, which kind `KMS` does not allow
   */
  readonly key?: kms.IKey;

  /** Validity of the trust anchor, in whole years: 1 to 100. */
  readonly validityYears: number;
}

const DEFAULT_YEARS = 20;
const DAYS_PER_YEAR = 365;

/**
 * Who signs a cluster's certificate signing request, and so becomes the trust anchor of all its clients. Extend it to choose key and validity by rules
 * of your own.
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
    const { validity } = this.options;
    const days = knownDays(validity);
    throwFirst(scope, [unknownValidityProblem(validity !== undefined && days === undefined)]);
    const validityYears = days === undefined ? DEFAULT_YEARS : Math.floor(days / DAYS_PER_YEAR);
    const key = this.options.key ?? new kms.Key(scope, 'CertificateAuthorityKey', {
      description: 'Signs the trust anchor and the certificate of a CloudHSM cluster, once; disabled afterwards',
      keySpec: kms.KeySpec.RSA_4096,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      removalPolicy,
    });
    return { kind: 'KMS', key, validityYears };
  }
}
