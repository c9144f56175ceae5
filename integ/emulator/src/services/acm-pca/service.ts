import { events } from './events';
import {
  createCertificateAuthority, deleteCertificateAuthority, describeCertificateAuthority, listCertificateAuthorities, restoreCertificateAuthority,
  updateCertificateAuthority,
} from './operations/authorities';
import {
  getCertificateAuthorityCertificate, getCertificateAuthorityCsr, importCertificateAuthorityCertificate,
} from './operations/authority-certificate';
import { getCertificate, issueCertificate, revokeCertificate } from './operations/certificates';
import { createPermission, deletePermission, listPermissions } from './operations/permissions';
import { emulatedGuard, listTags, tagCertificateAuthority, untagCertificateAuthority } from './operations/tags';
import type { Service } from '../../wire/operation';

/** AWS Private Certificate Authority. */
export const acmPca: Service = {
  name: 'acm-pca',
  operations: {
    CreateCertificateAuthority: createCertificateAuthority,
    CreatePermission: createPermission,
    DeleteCertificateAuthority: deleteCertificateAuthority,
    DeletePermission: deletePermission,
    DescribeCertificateAuthority: describeCertificateAuthority,
    GetCertificate: getCertificate,
    GetCertificateAuthorityCertificate: getCertificateAuthorityCertificate,
    GetCertificateAuthorityCsr: getCertificateAuthorityCsr,
    ImportCertificateAuthorityCertificate: importCertificateAuthorityCertificate,
    IssueCertificate: issueCertificate,
    ListCertificateAuthorities: listCertificateAuthorities,
    ListPermissions: listPermissions,
    ListTags: listTags,
    RestoreCertificateAuthority: restoreCertificateAuthority,
    RevokeCertificate: revokeCertificate,
    TagCertificateAuthority: tagCertificateAuthority,
    UntagCertificateAuthority: untagCertificateAuthority,
    UpdateCertificateAuthority: updateCertificateAuthority,

    // Not AWS's: what decides about access to an authority.
    EmulatedGuard: emulatedGuard,
  },
  events,
};
