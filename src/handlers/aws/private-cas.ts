import { ACMPCAClient, DescribeCertificateAuthorityCommand, GetCertificateCommand, IssueCertificateCommand } from '@aws-sdk/client-acm-pca';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';

/** An authority of AWS Private CA. */
export interface PrivateCa {
  readonly status: string;
  readonly type: string;
  readonly keyAlgorithm: string;
  readonly usageMode: string;
  /** End of its certificate, in milliseconds; `undefined` while it has none. */
  readonly notAfter: number | undefined;
}

export interface CertificateOrder {
  readonly caArn: string;
  readonly templateArn: string;
  readonly csrPem: string;
  /** In milliseconds. */
  readonly notAfter: number;
  /** Within five minutes the same one gives the same certificate. */
  readonly token: string;
}

export interface IssuedByPrivateCa {
  readonly certificate: string;
  /** From the authority's own certificate to the root. */
  readonly chain: string;
}

/** The calls of AWS Private CA that are used here. */
export interface PrivateCaApi {
  /** `undefined`: there is none of this name in this Region, or none that this account may see. */
  describe(caArn: string): Promise<PrivateCa | undefined>;
  /** Gives the certificate's ARN; the certificate comes later. */
  issue(order: CertificateOrder): Promise<string>;
  /** `undefined` while it is being issued. */
  certificate(caArn: string, certificateArn: string): Promise<IssuedByPrivateCa | undefined>;
}

export function privateCaApi(): PrivateCaApi {
  const client = new ACMPCAClient(SETTINGS);
  return {
    describe: async (caArn) => {
      try {
        const { CertificateAuthority: found } = await client.send(new DescribeCertificateAuthorityCommand({ CertificateAuthorityArn: caArn }));
        return {
          status: found!.Status!,
          type: found!.Type!,
          keyAlgorithm: found!.CertificateAuthorityConfiguration!.KeyAlgorithm!,
          usageMode: found!.UsageMode ?? 'GENERAL_PURPOSE',
          notAfter: found!.NotAfter?.getTime(),
        };
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException', 'InvalidArnException')) return undefined;
        throw error;
      }
    },
    issue: async ({ caArn, templateArn, csrPem, notAfter, token }) => (await client.send(new IssueCertificateCommand({
      CertificateAuthorityArn: caArn,
      Csr: Buffer.from(csrPem),
      SigningAlgorithm: 'SHA256WITHRSA',
      TemplateArn: templateArn,
      Validity: { Type: 'ABSOLUTE', Value: Math.floor(notAfter / 1000) },
      IdempotencyToken: token,
    }))).CertificateArn!,
    certificate: async (caArn, certificateArn) => {
      try {
        const { Certificate, CertificateChain } = await client.send(new GetCertificateCommand({
          CertificateAuthorityArn: caArn, CertificateArn: certificateArn,
        }));
        return { certificate: Certificate!, chain: CertificateChain ?? '' };
      } catch (error) {
        if (isNamed(error, 'RequestInProgressException')) return undefined;
        throw error;
      }
    },
  };
}
