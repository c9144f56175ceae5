import { addressesBySubnet, fixedAddresses, isAddress, isUsable, usableRange } from '../../src/lifecycle/fixed-addresses-contract';

test('what constructs write handlers read', () => {
  const entries = [fixedAddresses('subnet-a', '10.0.1.10,10.0.1.11'), fixedAddresses('subnet-b', '10.0.2.10')];

  expect([...addressesBySubnet(entries)]).toEqual([['subnet-a', ['10.0.1.10', '10.0.1.11']], ['subnet-b', ['10.0.2.10']]]);
  expect(addressesBySubnet(undefined).size).toBe(0);
});

test.each<[string, boolean]>([
  ['10.0.1.10', true], ['0.0.0.0', true], ['255.255.255.255', true],
  ['10.0.1', false], ['10.0.1.256', false], ['10.0.1.010', false], ['10.0.1.', false], ['10.0.1.1.1', false], ['fd00::1', false], ['', false],
])('%s is an address: %s', (text, expected) => {
  expect(isAddress(text)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['10.0.1.3', '10.0.1.0/24', false], ['10.0.1.4', '10.0.1.0/24', true], ['10.0.1.254', '10.0.1.0/24', true], ['10.0.1.255', '10.0.1.0/24', false],
  ['10.0.2.4', '10.0.1.0/24', false], ['10.0.2.4', '10.0.0.0/22', true], ['10.0.1.19', '10.0.1.16/28', false], ['10.0.1.20', '10.0.1.16/28', true],
  ['10.0.1.30', '10.0.1.16/28', true], ['10.0.1.31', '10.0.1.16/28', false], ['200.1.0.4', '200.0.0.0/8', true], ['nonsense', '10.0.1.0/24', false],
])('an interface can be at %s in %s: %s', (address, cidr, expected) => {
  expect(isUsable(address, cidr)).toBe(expected);
});

test('a block that is none has no range', () => {
  expect(usableRange('nonsense')).toBeUndefined();
  expect(usableRange('10.0.1.0')).toBeUndefined();
});
