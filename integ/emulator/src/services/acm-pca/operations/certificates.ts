import { X509Certificate } from 'node:crypto';
import { wrongState } from './authorities';
import type { Context, Output } from '../../../wire/operation';
import { signingWith } from '../keys';
import { nameOf } from '../names';
import { certificates, findAuthority, rememberedUse, statusOf, tokens } from '../state';
import type { AuthorityRecord, CertificateRecord } from '../state';
import { refusal } from '../text';
import { beginning, instantOf } from '../validity';
import type { ValidityInput } from '../validity';
import { certificate, isSameKey, requestIn, subjectOf } from '../x509';
import type { Template } from '../x509';

interface IssueInput {
  readonly CertificateAuthorityArn: string;
  readonly Csr: Buffer;
  readonly SigningAlgorithm: string;
  readonly TemplateArn?: string;
  readonly Validity: ValidityInput;
  readonly ValidityNotBefore?: ValidityInput;
  readonly IdempotencyToken?: string;
  readonly ApiPassthrough?: object;
}

const ROOT_TEMPLATE = 'RootCACertificate/V1';

export function issueCertificate(context: Context, input: IssueInput): Output {
  const authority = findAuthority(context, input.CertificateAuthorityArn);
  const token = input.IdempotencyToken && `certificate/${authority.arn}/${input.IdempotencyToken}`;
  const used = token && rememberedUse(context, token);
  if (used) return { CertificateArn: used.arn };
  const record = issued(context, authority, input);
  certificates(context).put(record.arn, record);
  if (token) tokens(context).put(token, { arn: record.arn, at: context.now });
  context.emit('ISSUING', record.arn);
  context.after(context.delay('issue-certificate', record.arn), { kind: 'certificate-issued', args: { arn: record.arn } });
  return { CertificateArn: record.arn };
}

function issued(context: Context, authority: AuthorityRecord, input: IssueInput): CertificateRecord {
  if (input.ApiPassthrough) throw refusal(context, 'InvalidArgsException', 'text-passthrough');
  const name = (input.TemplateArn ?? 'EndEntityCertificate/V1').replace(/^.*:template\//, '');
  const template = context.row<Record<string, Template>>('acm-pca/templates')[name];
  if (!template) throw refusal(context, 'InvalidArgsException', 'text-template', { name });
  const request = requestIn(input.Csr.toString());
  if (!request) throw refusal(context, 'MalformedCSRException', 'text-malformed-request');
  const isOwn = name === ROOT_TEMPLATE;
  if (isOwn && !(authority.type === 'ROOT' && isSameKey(authority.key, request))) throw refusal(context, 'InvalidArgsException', 'text-root-template');
  const allowed = isOwn ? ['PENDING_CERTIFICATE', 'ACTIVE'] : ['ACTIVE'];
  if (!allowed.includes(statusOf(context, authority))) throw wrongState(context, authority, 'text-cannot-issue');
  const signing = signingWith(context, input.SigningAlgorithm, authority.configuration.KeyAlgorithm);
  const now = new Date(context.kernel.hostTime(context.now));
  const notBefore = beginning(context, input.ValidityNotBefore, now);
  const notAfter = instantOf(context, input.Validity, now);
  checkEnd(context, authority, isOwn, now, notAfter);
  const serial = Buffer.from(context.id('certificate', authority.arn).subarray(0, 16));
  serial[0] = (serial[0] & 0x3f) | 0x40;
  return {
    arn: `${authority.arn}/certificate/${serial.toString('hex')}`,
    authority: authority.arn,
    serial: serial.toString('hex'),
    isIssued: false,
    body: certificate({
      request, signing, serial, notBefore, notAfter, template, issuerKey: authority.key,
      issuer: isOwn ? nameOf(authority.configuration.Subject) : subjectOf(authority.certificate!),
    }),
    chain: isOwn ? undefined : [authority.certificate, authority.chain].filter((part) => part !== undefined).join('\n'),
  };
}

function checkEnd(context: Context, authority: AuthorityRecord, isOwn: boolean, now: Date, notAfter: Date): void {
  if (notAfter <= now) throw refusal(context, 'ValidationException', 'text-past');
  if (isOwn) return;
  const end = new Date(new X509Certificate(authority.certificate!).validTo);
  if (notAfter > end) throw refusal(context, 'ValidationException', 'text-outlives');
  const days = context.row<number>('acm-pca/short-lived-days');
  if (authority.usageMode === 'SHORT_LIVED_CERTIFICATE' && notAfter.getTime() > now.getTime() + days * 24 * 3_600_000) {
    throw refusal(context, 'ValidationException', 'text-short-lived', { days });
  }
}

export function getCertificate(context: Context, input: { readonly CertificateAuthorityArn: string; readonly CertificateArn: string }): Output {
  const authority = findAuthority(context, input.CertificateAuthorityArn);
  if (['CREATING', 'DELETED'].includes(authority.status)) throw wrongState(context, authority, 'text-has-not-issued');
  const found = certificates(context).get(input.CertificateArn);
  if (!found || found.authority !== authority.arn) throw refusal(context, 'ResourceNotFoundException', 'text-no-certificate', { arn: input.CertificateArn });
  if (!found.isIssued) throw refusal(context, 'RequestInProgressException', 'text-issuing', { arn: found.arn });
  return { Certificate: found.body, CertificateChain: found.chain };
}

export function revokeCertificate(context: Context, input: { readonly CertificateAuthorityArn: string; readonly CertificateSerial: string }): void {
  const authority = findAuthority(context, input.CertificateAuthorityArn);
  if (statusOf(context, authority) !== 'ACTIVE') throw wrongState(context, authority);
  const serial = input.CertificateSerial.replace(/[:\s]/g, '').toLowerCase();
  const found = certificates(context).get(`${authority.arn}/certificate/${serial}`);
  if (!found) throw refusal(context, 'ResourceNotFoundException', 'text-no-certificate', { arn: serial });
  if (!found.isIssued) throw refusal(context, 'RequestInProgressException', 'text-issuing', { arn: found.arn });
  if (found.revokedAt !== undefined) throw refusal(context, 'RequestAlreadyProcessedException', 'text-revoked', { arn: found.arn });
  certificates(context).put(found.arn, { ...found, revokedAt: context.now });
  context.emit('REVOKED', found.arn);
}
