import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';

const OIDS = { C: '2.5.4.6', ST: '2.5.4.8', L: '2.5.4.7', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const;

/** Attributes of one relative distinguished name. Several make it multi-valued, and must stand in the order of their DER encoding. */
export type Rdn = ReadonlyArray<readonly [keyof typeof OIDS, string]>;

export function name(...rdns: readonly Rdn[]): Name {
  return new Name(rdns.map((rdn) => new RelativeDistinguishedName(rdn.map(([type, value]) => new AttributeTypeAndValue({
    type: OIDS[type],
    value: new AttributeValue(type === 'C' ? { printableString: value } : { utf8String: value }),
  })))));
}

/**
 * The subject that an HSM writes into its request. On hsm2m the first name holds five attributes in one set, and the common name
 * contains a comma: both break tools that rebuild a subject from its text.
 */
export function hsmSubject(hsmType: string, serial: string, partition: number, suffix: string): Name {
  const commonName: Rdn = [['CN', `HSM:${serial}:PARTN:${partition}${suffix}`]];
  if (hsmType.startsWith('hsm1')) {
    return name([['C', 'US']], [['ST', 'CA']], [['O', 'Cavium']], [['OU', 'N3FIPS']], [['L', 'SanJose']], commonName);
  }
  return name([['C', 'US'], ['ST', 'CA'], ['OU', 'LS2'], ['L', 'SanJose'], ['O', 'Marvell']], commonName);
}
