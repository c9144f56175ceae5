import type { ValueMap } from '../../template/template';
import { neverStable } from '../row-handler';
import type { Request, Row } from '../row-handler';

// --- AWS Private CA

interface Authority {
  readonly Arn: string;
  readonly Status: string;
}

function authority(request: Request, CertificateAuthorityArn = request.id): Authority {
  return request.call<{ CertificateAuthority: Authority }>('DescribeCertificateAuthority', { CertificateAuthorityArn }).CertificateAuthority;
}

const authorityRow: Row = {
  service: 'acm-pca',
  create: (request) => {
    const Tags = request.tags();
    const { KeyAlgorithm, SigningAlgorithm, Subject, CsrExtensions, KeyStorageSecurityStandard, UsageMode } = request.properties;
    return request.call<{ CertificateAuthorityArn: string }>('CreateCertificateAuthority', {
      CertificateAuthorityConfiguration: {
        KeyAlgorithm, SigningAlgorithm, Subject, ...(CsrExtensions === undefined ? {} : { CsrExtensions }),
      },
      CertificateAuthorityType: request.text('Type'),
      RevocationConfiguration: request.value('RevocationConfiguration'),
      KeyStorageSecurityStandard,
      UsageMode,
      Tags: Tags.length > 0 ? Tags : undefined,
    }).CertificateAuthorityArn;
  },
  waits: (request) => (authority(request).Status === 'CREATING' ? 'the certificate authority to be made' : undefined),
  update: (request) => {
    const CertificateAuthorityArn = request.id;
    if (request.changed('RevocationConfiguration')) {
      request.call('UpdateCertificateAuthority', { CertificateAuthorityArn, RevocationConfiguration: request.value('RevocationConfiguration') });
    }
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagCertificateAuthority', { CertificateAuthorityArn, Tags: removed.map((Key) => ({ Key })) });
    const Tags = request.tags().filter(({ Key }) => !Key.startsWith('aws:'));
    if (Tags.length > 0) request.call('TagCertificateAuthority', { CertificateAuthorityArn, Tags });
  },
  delete: (request) => request.call('DeleteCertificateAuthority', { CertificateAuthorityArn: request.id }),
  attributes: (request) => ({
    Arn: request.id,
    CertificateSigningRequest: request.call<{ Csr: string }>('GetCertificateAuthorityCsr', { CertificateAuthorityArn: request.id }).Csr,
  }),
  read: (request) => (authority(request).Status === 'DELETED' ? undefined : {}),
};

/** The certificate stays: deleting the resource revokes nothing. */
const certificateRow: Row = {
  service: 'acm-pca',
  create: (request) => {
    const { Type, Value } = request.map('Validity');
    const notBefore = request.map('ValidityNotBefore');
    return request.call<{ CertificateArn: string }>('IssueCertificate', {
      CertificateAuthorityArn: request.text('CertificateAuthorityArn'),
      Csr: Buffer.from(request.text('CertificateSigningRequest') ?? ''),
      SigningAlgorithm: request.text('SigningAlgorithm'),
      TemplateArn: request.text('TemplateArn'),
      Validity: { Type, Value: Number(Value) },
      ValidityNotBefore: request.value('ValidityNotBefore') && { Type: notBefore.Type, Value: Number(notBefore.Value) },
      ApiPassthrough: request.value('ApiPassthrough'),
    }).CertificateArn;
  },
  waits: (request) => (issued(request) === undefined ? 'the certificate to be issued' : undefined),
  delete: () => undefined,
  attributes: (request) => ({ Arn: request.id, Certificate: issued(request) ?? '' }),
};

function issued(request: Request): string | undefined {
  try {
    return request.call<{ Certificate: string }>('GetCertificate', {
      CertificateAuthorityArn: request.text('CertificateAuthorityArn'), CertificateArn: request.id,
    }).Certificate;
  } catch (error) {
    if ((error as { code?: string }).code === 'RequestInProgressException') return undefined;
    throw error;
  }
}

/** Deleting it disables the authority, which then can be deleted. */
const activationRow: Row = {
  service: 'acm-pca',
  create: (request) => {
    const CertificateAuthorityArn = request.text('CertificateAuthorityArn')!;
    install(request, CertificateAuthorityArn);
    return CertificateAuthorityArn;
  },
  update: (request) => {
    if (request.changed('Certificate', 'CertificateChain')) install(request, request.id);
    else if (request.changed('Status')) setStatus(request, request.text('Status') ?? 'ACTIVE');
  },
  delete: (request) => {
    if (authority(request).Status === 'ACTIVE') setStatus(request, 'DISABLED');
  },
  attributes: (request) => ({
    CompleteCertificateChain: [request.text('Certificate'), request.text('CertificateChain')].filter((part) => part !== undefined).join('\n'),
  }),
};

function install(request: Request, CertificateAuthorityArn: string): void {
  const chain = request.text('CertificateChain');
  const { Status } = authority(request, CertificateAuthorityArn);
  if (Status === 'DELETED') throw neverStable(`The certificate authority ${CertificateAuthorityArn} is deleted`);
  request.call('ImportCertificateAuthorityCertificate', {
    CertificateAuthorityArn, Certificate: Buffer.from(request.text('Certificate') ?? ''), CertificateChain: chain === undefined ? undefined : Buffer.from(chain),
  });
  if (request.text('Status') === 'DISABLED') request.call('UpdateCertificateAuthority', { CertificateAuthorityArn, Status: 'DISABLED' });
}

function setStatus(request: Request, Status: string): void {
  request.call('UpdateCertificateAuthority', { CertificateAuthorityArn: request.id, Status });
}

const permissionRow: Row = {
  service: 'acm-pca',
  create: (request) => {
    request.send('CreatePermission');
    return `${request.text('CertificateAuthorityArn')}|${request.text('Principal')}`;
  },
  delete: (request) => request.call('DeletePermission', named(request)),
};

function named(request: Request): ValueMap {
  const { CertificateAuthorityArn, Principal, SourceAccount } = request.properties;
  return { CertificateAuthorityArn, Principal, ...(SourceAccount === undefined ? {} : { SourceAccount }) };
}

export const AUTHORITIES: { readonly [type: string]: Row } = {
  'AWS::ACMPCA::Certificate': certificateRow,
  'AWS::ACMPCA::CertificateAuthority': authorityRow,
  'AWS::ACMPCA::CertificateAuthorityActivation': activationRow,
  'AWS::ACMPCA::Permission': permissionRow,
};
