import { Stack } from 'aws-cdk-lib';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { pemParameter } from './pem-parameters';
import { externalProblems, privateCaRegionProblem, validityYearsOf } from '../private/certificate-validation';
import { throwFirst } from '../private/errors';
import { knownDays, knownText } from '../private/known';
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

/** How AWS Private CA signs for a cluster. */
export interface PrivateCertificateAuthorityOptions {
  /**
   * How long the cluster's certificate is valid, in whole years of 365 days; what is left over is dropped. It can never be replaced, and clients stop
   * trusting the cluster when it ends, or when the authority's own certificate does, which has to be later.
   *
   * @default - until a day before the authority's own certificate ends
   */
  readonly validity?: Duration;
}

/** What an authority outside of this app has made for a cluster. */
export interface ExternalCertificateAuthorityOptions {
  /**
   * The cluster's certificate: its signing request, signed by the trust anchor's key directly. PEM, one certificate of at most 4,096 characters.
   *
   * @default - none yet: the deploy ends when the request is there
   */
  readonly signedCertificate?: string;

  /**
   * The self-signed root that signed it, which all clients of the cluster trust from then on and which can never be replaced. PEM, one certificate of at most
   * 4,096 characters.
   *
   * @default - none yet: the deploy ends when the request is there
   */
  readonly trustAnchor?: string;
}

/** What a certificate authority needs to know of the cluster it is for. */
export interface CertificateAuthorityBindOptions {
  /** Whether the authority's key goes with the cluster. */
  readonly removalPolicy: RemovalPolicy;
}

/** How a cluster's signing request is to be signed. */
export interface CertificateAuthorityConfig {
  /** Kind of the authority: `KMS`, a key that signs in AWS KMS, `PRIVATE_CA`, one of AWS Private CA, or `EXTERNAL`, somebody who signs elsewhere. */
  readonly kind: string;

  /**
   * Key that signs: RSA 2048 or 4096, for signing and verifying.
   *
   * @default - none, which kind `KMS` does not allow
   */
  readonly key?: kms.IKey;

  /**
   * Authority that issues the cluster's certificate: an ACTIVE root with an RSA key, of the cluster's Region.
   *
   * @default - none, which kind `PRIVATE_CA` does not allow
   */
  readonly privateCa?: acmpca.ICertificateAuthority;

  /**
   * Validity of the trust anchor, or of what `PRIVATE_CA` issues, in whole years: 1 to 100. Kind `KMS` needs it.
   *
   * @default - not known
   */
  readonly validityYears?: number;

  /**
   * Parameter that holds the cluster's certificate, for kind `EXTERNAL`.
   *
   * @default - none yet
   */
  readonly signedCertificate?: ssm.IStringParameter;

  /**
   * Parameter that holds the trust anchor, for kind `EXTERNAL`.
   *
   * @default - none yet
   */
  readonly trustAnchor?: ssm.IStringParameter;
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

  /**
   * An authority of AWS Private CA (ACM PCA). It signs the cluster's request in the same deploy, and its root certificate is the trust anchor.
   *
   * It has to be a ROOT, in GENERAL_PURPOSE mode, with an RSA key of 2,048 to 4,096 bits, ACTIVE, and in the cluster's Region; it may be shared by another
   * account. All this is looked at before anything is made, but for a Region that is known at synth: another one is refused there. One that is made in the
   * same stack is named by the `ref` of its `CfnCertificateAuthorityActivation`, so that it is ACTIVE first. After the deploy the cluster does not need it any
   * more, unless another cluster is to be signed. Deleting the cluster revokes nothing: revoke its certificate yourself where your policy asks for it.
   *
   * @see https://docs.aws.amazon.com/privateca/latest/userguide/PcaIssueCert.html
   */
  public static privateCa(ca: acmpca.ICertificateAuthority, options: PrivateCertificateAuthorityOptions = {}): CertificateAuthority {
    return new PrivateCertificateAuthority(ca, options);
  }

  /**
   * An authority that signs elsewhere: a company's root, offline or in another account. It takes two deploys.
   *
   * The first ends with one HSM, and an output that says where the cluster's signing request is and what to do with it. The second, with
   * `signedCertificate` and `trustAnchor`, holds them against the request, and goes on to the end. Both stay in the code for as long as the cluster.
   *
   * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/initialize-cluster.html
   */
  public static external(options: ExternalCertificateAuthorityOptions = {}): CertificateAuthority {
    return new ExternalCertificateAuthority(options);
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

/** The authority behind `CertificateAuthority.privateCa()`. */
class PrivateCertificateAuthority extends CertificateAuthority {
  constructor(private readonly privateCa: acmpca.ICertificateAuthority, private readonly options: PrivateCertificateAuthorityOptions) {
    super();
  }

  public bind(scope: Construct): CertificateAuthorityConfig {
    const { validity } = this.options;
    const days = knownDays(validity);
    throwFirst(scope, [
      unknownValidityProblem(validity !== undefined && days === undefined),
      privateCaRegionProblem(knownText(this.privateCa.certificateAuthorityArn), knownText(Stack.of(scope).region)),
    ]);
    return { kind: 'PRIVATE_CA', privateCa: this.privateCa, validityYears: days === undefined ? undefined : Math.floor(days / DAYS_PER_YEAR) };
  }
}

/** The authority behind `CertificateAuthority.external()`. */
class ExternalCertificateAuthority extends CertificateAuthority {
  constructor(private readonly options: ExternalCertificateAuthorityOptions) {
    super();
  }

  public bind(scope: Construct): CertificateAuthorityConfig {
    const { signedCertificate, trustAnchor } = this.options;
    const knownAnchor = knownText(trustAnchor);
    throwFirst(scope, externalProblems({
      hasSignedCertificate: signedCertificate !== undefined,
      hasTrustAnchor: trustAnchor !== undefined,
      signedCertificate: knownText(signedCertificate),
      trustAnchor: knownAnchor,
    }));
    if (signedCertificate === undefined || trustAnchor === undefined) return { kind: 'EXTERNAL' };
    return {
      kind: 'EXTERNAL',
      validityYears: knownAnchor === undefined ? undefined : validityYearsOf(knownAnchor),
      signedCertificate: pemParameter(scope, 'SignedCertificate', signedCertificate, 'Certificate of a CloudHSM cluster, signed by an external authority'),
      trustAnchor: pemParameter(scope, 'ExternalTrustAnchor', trustAnchor, 'Root that signed the certificate of a CloudHSM cluster'),
    };
  }
}
