import { X509Certificate } from 'node:crypto';
import { wrongState } from './authorities';
import type { Context, Output } from '../../../wire/operation';
import { signingWith } from '../keys';
import { nameOf } from '../names';
import { changeAuthority, findAuthority, statusOf } from '../state';
import type { AuthorityRecord } from '../state';
import { refusal } from '../text';
import { certificateRequest, isKeyOf } from '../x509';

interface ArnInput {
  readonly CertificateAuthorityArn: string;
}

export function getCertificateAuthorityCsr(context: Context, { CertificateAuthorityArn }: ArnInput): Output {
  const authority = findAuthority(context, CertificateAuthorityArn);
  if (authority.status === 'CREATING') throw refusal(context, 'RequestInProgressException', 'text-creating', { arn: authority.arn });
  if (authority.status === 'DELETED') throw wrongState(context, authority);
  const { Subject, KeyAlgorithm, SigningAlgorithm } = authority.configuration;
  return { Csr: certificateRequest(nameOf(Subject), authority.key, signingWith(context, SigningAlgorithm, KeyAlgorithm)) };
}

export function getCertificateAuthorityCertificate(context: Context, { CertificateAuthorityArn }: ArnInput): Output {
  const authority = findAuthority(context, CertificateAuthorityArn);
  if (authority.certificate === undefined || authority.status === 'DELETED') throw wrongState(context, authority, 'text-no-certificate-yet');
  return { Certificate: authority.certificate, CertificateChain: authority.chain };
}

interface ImportInput extends ArnInput {
  readonly Certificate: Buffer;
  readonly CertificateChain?: Buffer;
}

export function importCertificateAuthorityCertificate(context: Context, input: ImportInput): void {
  const { CertificateAuthorityArn, Certificate, CertificateChain } = input;
  const authority = findAuthority(context, CertificateAuthorityArn);
  if (['CREATING', 'DELETED'].includes(statusOf(context, authority))) throw wrongState(context, authority);
  const body = Certificate.toString().trim();
  const chain = CertificateChain?.toString().trim();
  const own = read(context, body);
  check(context, authority, own, chain ? read(context, chain) : undefined);
  const expiresAt = context.now + Date.parse(own.validTo) - context.kernel.hostTime(context.now);
  changeAuthority(context, authority, { status: 'ACTIVE', certificate: body, chain, expiresAt });
}

function check(context: Context, authority: AuthorityRecord, own: X509Certificate, issuer: X509Certificate | undefined): void {
  const { arn } = authority;
  if (!isKeyOf(authority.key, own)) throw refusal(context, 'CertificateMismatchException', 'text-other-key', { arn });
  if (!own.ca) throw refusal(context, 'InvalidRequestException', 'text-not-authority', { arn });
  if (authority.type === 'ROOT' && (issuer || !own.verify(own.publicKey))) throw refusal(context, 'InvalidRequestException', 'text-not-root', { arn });
  if (authority.type !== 'ROOT' && !(issuer && own.verify(issuer.publicKey))) throw refusal(context, 'InvalidRequestException', 'text-no-chain', { arn });
}

/** The first certificate of a text. */
function read(context: Context, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw refusal(context, 'MalformedCertificateException', 'text-malformed-certificate');
  }
}
