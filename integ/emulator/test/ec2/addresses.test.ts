import { isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import {
  formatAddress, formatBlock, hasAddress, hasBlock, isReserved, lowestFree, overlap, parseAddress, parseBlock, sizeOf,
} from '../../src/services/ec2/addresses';
import { formatAddress6, parseAddress6, parseBlock6 } from '../../src/services/ec2/ipv6';

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const block = fc.record({ base: address, prefix: fc.integer({ min: 8, max: 32 }) }).map(({ base, prefix }) => parseBlock(`${formatAddress(base)}/${prefix}`)!);

test('an address that was written is read back', () => {
  fc.assert(fc.property(address, (number) => parseAddress(formatAddress(number)) === number));
});

test('a block holds exactly as many addresses as its length says', () => {
  fc.assert(fc.property(block, (each) => hasAddress(each, each.base) && hasAddress(each, each.base + sizeOf(each) - 1)
    && !hasAddress(each, each.base + sizeOf(each)) && !hasAddress(each, each.base - 1)));
});

test('two blocks overlap only when one lies in the other', () => {
  fc.assert(fc.property(block, block, (one, other) => {
    const shareSome = one.base < other.base + sizeOf(other) && other.base < one.base + sizeOf(one);
    expect(overlap(one, other)).toBe(shareSome);
    expect(overlap(one, other)).toBe(hasBlock(one, other) || hasBlock(other, one));
  }));
});

test.each(['10.0.0.0', '10.0.0/16', '10.0.0.0/33', '10.0.0.256/24', '010.0.0.0/8', '10.0.0.0/16/2', '::/0', ''])('%j is no block', (text) => {
  expect(parseBlock(text)).toBeUndefined();
});

test('host bits of a block are cleared', () => {
  expect(formatBlock(parseBlock('10.1.2.3/16')!)).toBe('10.1.0.0/16');
});

test('the lowest free address is free, unreserved and has none below it, until the subnet is full', () => {
  const subnet = parseBlock('10.0.0.0/28')!;
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 15 })), (offsets) => {
    const taken = new Set(offsets.map((offset) => subnet.base + offset));
    const free = lowestFree(subnet, taken);
    const candidates = Array.from({ length: 16 }, (_, offset) => subnet.base + offset)
      .filter((each) => !isReserved(subnet, each) && !taken.has(each));
    expect(free).toBe(candidates[0]);
  }));
});

test('an IPv6 address that was written is an IPv6 address and is read back', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (number) => {
    const text = formatAddress6(number);
    expect(isIPv6(text)).toBe(true);
    expect(parseAddress6(text)).toBe(number);
  }));
});

test.each([
  [0n, '::'], [1n, '::1'], [0x2600n << 112n, '2600::'], [(0x2600n << 112n) | 5n, '2600::5'],
  [(0x2600n << 112n) | (1n << 64n) | 1n, '2600:0:0:1::1'],
])('%s is written %s', (number, text) => {
  expect(formatAddress6(number)).toBe(text);
});

test.each(['1::2::3', '12345::', ':::', '1:2:3', '1:2:3:4:5:6:7:8:9', 'g::', '10.0.0.1'])('%j is no IPv6 address', (text) => {
  expect(parseAddress6(text)).toBeUndefined();
});

test('an IPv6 block without length is none', () => {
  expect(parseBlock6('2600::')).toBeUndefined();
});
