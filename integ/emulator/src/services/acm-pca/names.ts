import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';
import type { Subject } from './state';

const OIDS: Readonly<Record<string, string>> = {
  Country: '2.5.4.6',
  Organization: '2.5.4.10',
  OrganizationalUnit: '2.5.4.11',
  DistinguishedNameQualifier: '2.5.4.46',
  State: '2.5.4.8',
  CommonName: '2.5.4.3',
  SerialNumber: '2.5.4.5',
  Locality: '2.5.4.7',
  Title: '2.5.4.12',
  Surname: '2.5.4.4',
  GivenName: '2.5.4.42',
  Initials: '2.5.4.43',
  Pseudonym: '2.5.4.65',
  GenerationQualifier: '2.5.4.44',
};

const PRINTABLE = new Set(['Country', 'DistinguishedNameQualifier', 'SerialNumber']);

interface CustomAttribute {
  readonly ObjectIdentifier: string;
  readonly Value: string;
}

/** One attribute in each relative name, in the model's order. */
export function nameOf(subject: Subject): Name {
  const custom = (subject.CustomAttributes ?? []) as readonly CustomAttribute[];
  return new Name([
    ...Object.entries(OIDS).filter(([attribute]) => subject[attribute] !== undefined)
      .map(([attribute, type]) => one(type, String(subject[attribute]), PRINTABLE.has(attribute))),
    ...custom.map(({ ObjectIdentifier, Value }) => one(ObjectIdentifier, Value, false)),
  ]);
}

function one(type: string, value: string, isPrintable: boolean): RelativeDistinguishedName {
  return new RelativeDistinguishedName([new AttributeTypeAndValue({
    type, value: new AttributeValue(isPrintable ? { printableString: value } : { utf8String: value }),
  })]);
}
