import type { Context } from '../../../wire/operation';
import type { ClusterRecord, Identity } from '../state';
import { certificate, certificateRequest, newRsaKey } from './certificates';
import type { PrivateKey } from './certificates';
import { hsmSubject, name } from './names';

/** A root that this state folder made up, standing in for one that AWS or the manufacturer publishes. */
interface Root {
  readonly key: PrivateKey;
  readonly pem: string;
}

const DAY = 86_400_000;

const AWS_ROOT = name(
  [['C', 'US']], [['ST', 'Virginia']], [['L', 'Herndon']], [['O', 'Amazon Web Services INC.']], [['OU', 'CloudHSM emulator']],
  [['CN', 'AWS CloudHSM Root G1']],
);
const MANUFACTURER_ROOT = name([['C', 'US']], [['ST', 'CA']], [['O', 'Marvell emulator']], [['CN', 'mrvl-ls2-root-AR-v1']]);

/** The fake roots, for whoever verifies an HSM's identity; made when first asked for. */
export function roots(context: Context): { aws: Root; manufacturer: Root } {
  const table = context.kernel.store.table<Root>('cloudhsmv2/roots');
  const root = (id: string, subject: typeof AWS_ROOT): Root => table.get(id) ?? table.put(id, newRoot(context, id, subject));
  return { aws: root('aws', AWS_ROOT), manufacturer: root('manufacturer', MANUFACTURER_ROOT) };
}

function newRoot(context: Context, id: string, subject: typeof AWS_ROOT): Root {
  const key = newRsaKey(context);
  const pem = certificate({
    subject,
    subjectKey: key,
    issuer: subject,
    issuerKey: key,
    serial: context.kernel.ids.named('cloudhsm-root', id),
    authority: true,
    ...validity(context, 3650),
  });
  return { key, pem };
}

/**
 * What a blank HSM brings: its key, a request for the owner's certificate and its own certificate, whose issuer, the hardware, is
 * certified twice: by AWS and by the manufacturer.
 *
 * Keys are really random; nothing of them ever reaches the timeline.
 */
export function newIdentity(context: Context, cluster: ClusterRecord, hsmId: string): Identity {
  const bytes = context.kernel.ids.named('hsm-serial', hsmId);
  const serial = `RCN${String(bytes.readUInt16BE(0) % 10_000).padStart(4, '0')}B${String(bytes.readUInt32BE(2) % 100_000).padStart(5, '0')}`;
  const suffix = context.row<string>(cluster.mode === 'FIPS' ? 'cloudhsmv2/csr-cn-fips' : 'cloudhsmv2/csr-cn-non-fips');
  const subject = hsmSubject(cluster.hsmType, serial, 1 + bytes[6] % 32, suffix);
  const key = newRsaKey(context);
  const hardware = name([['C', 'US']], [['ST', 'CA']], [['O', 'Marvell']], [['CN', serial]]);
  const hardwareKey = newRsaKey(context);
  const { aws, manufacturer } = roots(context);
  const dates = validity(context, 3600);
  const issued = (id: string): Buffer => context.kernel.ids.named('certificate', id, hsmId);
  return {
    clusterCsr: certificateRequest(subject, key),
    hsmCertificate: certificate({
      subject, subjectKey: key, issuer: hardware, issuerKey: hardwareKey, serial: issued('hsm'), authority: false, ...dates,
    }),
    awsHardwareCertificate: certificate({
      subject: hardware, subjectKey: hardwareKey, issuer: AWS_ROOT, issuerKey: aws.key, serial: issued('aws'), authority: true, ...dates,
    }),
    manufacturerHardwareCertificate: certificate({
      subject: hardware,
      subjectKey: hardwareKey,
      issuer: MANUFACTURER_ROOT,
      issuerKey: manufacturer.key,
      serial: issued('manufacturer'),
      authority: true,
      ...dates,
    }),
  };
}

/** From the day before, so that a host's clock that is a little slow still finds it valid. */
function validity(context: Context, days: number): { notBefore: Date; notAfter: Date } {
  const now = context.kernel.hostTime();
  return { notBefore: new Date(now - DAY), notAfter: new Date(now + days * DAY) };
}
