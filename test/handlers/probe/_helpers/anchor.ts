import { sign } from 'node:crypto';
import { pemFromDer } from '../../../../src/handlers/pki/pem';
import { certificateFromTbs } from '../../../../src/handlers/pki/tbs-certificate';
import { trustAnchorTbs } from '../../../../src/handlers/pki/trust-anchor';
import { rsaKey } from '../../pki/_helpers/keys';

/** A trust anchor, as this library makes them, that ends at this moment. */
export function anchorUntil(notAfter: number): string {
  const { spki, privateKey } = rsaKey('anchor');
  const tbs = trustAnchorTbs({ caPublicKeySpki: spki, clusterId: 'cluster-2222222222a', notBefore: new Date(notAfter - 1e12), notAfter: new Date(notAfter) });
  return pemFromDer('CERTIFICATE', certificateFromTbs(tbs, new Uint8Array(sign('sha256', tbs, privateKey))));
}
