import type { Problem } from './errors';
import { isAddress, isUsable, usableRange } from '../lifecycle/fixed-addresses-contract';

/** What is said of the addresses in one subnet. */
export interface AddressWishes {
  /** Path of the subnet. */
  readonly path: string;
  /** HSMs in it; `undefined` where synth does not know it. */
  readonly count: number | undefined;
  /** An address is `undefined` where synth does not know it, and so are all of them. */
  readonly ipAddresses: ReadonlyArray<string | undefined> | undefined;
  /** `undefined` where synth does not know it. */
  readonly cidr: string | undefined;
}

/** Addresses that no HSM could have, or too few of them. */
export function addressProblems(wishes: readonly AddressWishes[]): Problem[] {
  const given = wishes.flatMap(({ ipAddresses = [] }) => ipAddresses.flatMap((address) => address ?? []));
  const twice = given.find((address, index) => given.indexOf(address) !== index);
  return [
    ...wishes.flatMap(problemsIn),
    ...twice === undefined ? [] : [{ code: 'AddressTwice', text: `ipAddresses in placement name ${twice} twice; give each HSM an address of its own` }],
  ];
}

function problemsIn({ path, count, ipAddresses, cidr }: AddressWishes): Problem[] {
  if (!ipAddresses) return [];
  const known = ipAddresses.flatMap((address) => address ?? []);
  const malformed = known.find((address) => !isAddress(address));
  const unusable = cidr === undefined ? undefined : known.find((address) => !isUsable(address, cidr));
  const problems: Problem[] = [];
  if (malformed !== undefined) {
    problems.push({
      code: 'InvalidAddress', text: `ipAddresses in placement must be IPv4 addresses such as 10.0.1.10, got ${JSON.stringify(malformed)} for ${path}; give such addresses`,
    });
  } else if (unusable !== undefined) {
    const { first, last } = usableRange(cidr!) ?? { first: 'none', last: 'none' };
    problems.push({
      code: 'AddressOutsideSubnet',
      text: `ipAddresses in placement must be from ${first} to ${last} in ${path} (${cidr}, of which AWS keeps the first four and the last one), got ${unusable}; choose addresses in that range`,
    });
  }
  if (count !== undefined && ipAddresses.length < count) {
    problems.push({
      code: 'TooFewAddresses',
      text: `ipAddresses in placement must be at least as many as the HSMs in ${path}, ${count}, got ${ipAddresses.length}; give one for each, or leave ipAddresses out`,
    });
  }
  return problems;
}
