import type { KeyStore } from '../../../src/handlers/aws/key-stores';
import { isSameCertificate } from '../../../src/handlers/key-store/same-certificate';
import { issueCertificates } from '../../../src/handlers/pki/issue';
import { fakeAws, FakeParameters } from '../_helpers/aws';
import type { FakeAws } from '../_helpers/aws';
import { cluster } from '../_helpers/cluster';
import { kmsSign, rsaKey } from '../pki/_helpers/keys';
import { requestPem } from '../pki/_helpers/x509';

const OWN = 'cluster-ownstore234';
const PARAMETER = `/cdk-cloudhsm/${OWN}/signed-certificate`;
const CA = rsaKey('ca');

const issue = (hsm: string, ca = CA) => issueCertificates({
  csrPem: requestPem({ key: rsaKey(hsm) }), caPublicKeySpki: ca.spki, createdAt: new Date('2026-11-23T18:49:07.843Z'), clusterId: OWN, validityYears: 10, sign: kmsSign(ca),
});

interface There {
  readonly clusterCertificate?: string;
  readonly isGone?: boolean;
  readonly parameter?: string;
}

function account({ clusterCertificate, isGone, parameter }: There): FakeAws {
  const describe = async () => (isGone ? undefined : { cluster: cluster('ACTIVE', []), certificates: { clusterCertificate } });
  return fakeAws({ cloudHsm: { describe } }, new FakeParameters(parameter === undefined ? {} : { [PARAMETER]: parameter }));
}

const store = (trustAnchor?: string): KeyStore => ({ storeId: 'cks-a', name: 'orders', clusterId: OWN, state: 'CONNECTED', trustAnchor });

describe('the certificate of another cluster', () => {
  test('is compared with that of the store\'s own, byte by byte of what is certified, however the PEM is written', async () => {
    const [own, other] = await Promise.all([issue('hsm'), issue('another')]);
    const aws = account({ clusterCertificate: own.signedCertificatePem });

    expect(await isSameCertificate(aws, store(), { clusterCertificate: own.signedCertificatePem })).toBe(true);
    expect(await isSameCertificate(aws, store(), { clusterCertificate: `${own.signedCertificatePem.replace(/\n/g, '\r\n')}\n` })).toBe(true);
    // The same authority, another cluster: as with a private CA that signs many.
    expect(await isSameCertificate(aws, store(own.trustAnchorPem), { clusterCertificate: other.signedCertificatePem })).toBe(false);
  });

  test.each([['is gone', { isGone: true }], ['shows no certificate any more', {}]])('is compared with what was written down when the own cluster %s', async (_, there) => {
    const [own, other] = await Promise.all([issue('hsm'), issue('another')]);
    const aws = account({ ...there, parameter: own.signedCertificatePem });

    expect(await isSameCertificate(aws, store(), { clusterCertificate: own.signedCertificatePem })).toBe(true);
    expect(await isSameCertificate(aws, store(own.trustAnchorPem), { clusterCertificate: other.signedCertificatePem })).toBe(false);
  });

  test('must at least be signed by the store\'s trust anchor when the own cluster is gone and nothing was written down', async () => {
    const [own, other] = await Promise.all([issue('hsm'), issue('hsm', rsaKey('another ca'))]);
    const aws = account({ isGone: true });

    expect(await isSameCertificate(aws, store(own.trustAnchorPem), { clusterCertificate: own.signedCertificatePem })).toBe(true);
    expect(await isSameCertificate(aws, store(own.trustAnchorPem), { clusterCertificate: other.signedCertificatePem })).toBe(false);
    expect(await isSameCertificate(aws, store(), { clusterCertificate: own.signedCertificatePem })).toBeUndefined();
  });

  test('that has none yet says nothing', async () => {
    const own = await issue('hsm');

    expect(await isSameCertificate(account({ clusterCertificate: own.signedCertificatePem }), store(), {})).toBeUndefined();
    expect(await isSameCertificate(account({}), store(), undefined)).toBeUndefined();
  });
});
