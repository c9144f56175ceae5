import { exchange } from './http-request';
import { CborFloat, decodeCbor, encodeCbor } from '../../src/wire/cbor';

/** As a client asks that takes the protocol the model names first. */
const asked = (service: string, operation: string, body: Buffer): ReturnType<typeof exchange> => exchange(service, {
  path: `/service/X/operation/${operation}`,
  headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
  body,
});

describe('CBOR', () => {
  // RFC 8949, appendix A.
  test.each<[string, unknown]>([
    ['00', 0], ['17', 23], ['1818', 24], ['1903e8', 1000], ['1a000f4240', 1_000_000], ['1b000000e8d4a51000', 1_000_000_000_000],
    ['1bffffffffffffffff', 18446744073709551615n], ['20', -1], ['3903e7', -1000], ['f90000', 0], ['f93c00', 1], ['f97bff', 65504],
    ['f90001', 5.960464477539063e-8], ['f9c400', -4], ['fa47c35000', 100_000], ['fb3ff199999999999a', 1.1], ['f97c00', Infinity],
    ['f4', false], ['f5', true], ['f6', null], ['f7', null], ['c11a514b67b0', new Date(1363896240000)], ['c1fb41d452d9ec200000', new Date(1363896240500)],
    ['4401020304', Buffer.from([1, 2, 3, 4])], ['60', ''], ['64f0908591', '\u{10151}'], ['80', []], ['98190102030405060708090a0b0c0d0e0f101112131415161718181819',
      [...Array(25).keys()].map((n) => n + 1)], ['a26161016162820203', { a: 1, b: [2, 3] }], ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
    ['7f657374726561646d696e67ff', 'streaming'], ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]], ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
  ])('decodes %s', (hex, value) => {
    expect(decodeCbor(Buffer.from(hex, 'hex'))).toEqual(value);
  });

  test('writes what it reads', () => {
    const value = { a: [0, -1, 255, 256, 65536, 2 ** 40, -(2 ** 40), 1.5], b: Buffer.from('x'), c: new Date(1502423370069), d: null, e: true, f: 'ä' };
    expect(decodeCbor(encodeCbor(value))).toEqual(value);
    expect(encodeCbor(new CborFloat(1)).toString('hex')).toBe('fb3ff0000000000000');
  });

  test.each(['', '18', '6261', 'ff', '81', '0000', '1c', 'f0', '81'.repeat(300)])('refuses %s', (hex) => {
    expect(() => decodeCbor(Buffer.from(hex, 'hex'))).toThrow(RangeError);
  });
});

describe('smithy-rpc-v2-cbor', () => {
  test('decodes what a service that speaks it is asked', () => {
    const open = asked('cloudhsmv2', 'DescribeClusters', encodeCbor({ Filters: { clusterIds: ['c'] }, MaxResults: 5, Nonsense: 1 }));
    expect(open.decode()).toEqual({ operation: 'DescribeClusters', input: { Filters: { clusterIds: ['c'] }, MaxResults: 5 } });
    expect(open.protocol).toBe('smithy-rpc-v2-cbor');
    expect(asked('cloudwatch', 'PutMetricData', encodeCbor({ Namespace: 'n', MetricData: [{ MetricName: 'm', Timestamp: new Date(5000), Value: 1 }] })).decode().input)
      .toEqual({ Namespace: 'n', MetricData: [{ MetricName: 'm', Timestamp: new Date(5000), Value: 1 }] });
  });

  test('answers and refuses in kind', () => {
    const open = asked('cloudhsmv2', 'DescribeClusters', Buffer.alloc(0));
    open.decode();
    const answer = open.encode({ Clusters: [{ ClusterId: 'c', CreateTimestamp: new Date(1502423370069) }] }, 'id-1');
    expect(answer.headers).toMatchObject({ 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': 'id-1' });
    expect(decodeCbor(answer.body)).toEqual({ Clusters: [{ ClusterId: 'c', CreateTimestamp: new Date(1502423370069) }] });
    const refusal = open.encodeError({ code: 'CloudHsmInvalidRequestException', message: 'm' }, 'id-1');
    expect(refusal.status).toBe(400);
    expect(decodeCbor(refusal.body)).toEqual({ __type: 'CloudHsmInvalidRequestException', Message: 'm' });
  });

  test('a service that does not speak it says so', () => {
    expect(() => asked('kms', 'ListKeys', Buffer.alloc(0)).decode()).toThrow('[emulator] kms does not speak smithy-rpc-v2-cbor');
  });
});
