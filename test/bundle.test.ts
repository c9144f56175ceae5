import { tmpdir } from 'node:os';
import { bundleHandlers } from '../scripts/bundle-assets';
import { withLiteralKeys } from '../scripts/literal-keys';

describe('the function\'s bundle', () => {
  const bundled = async (): Promise<string> => Buffer.from((await bundleHandlers()).assets.get('handlers/lifecycle/index.js')!).toString();
  let first: string;
  let second: string;

  beforeAll(async () => {
    first = await bundled();
    second = await bundled();
  });

  test('stays below 1.3 MB, is the same twice, and names neither a source map nor a folder of this machine', () => {
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(1_300_000);
    expect(second === first).toBe(true);
    expect(first).not.toContain('sourceMappingURL');
    for (const folder of [process.cwd(), tmpdir()]) expect(first.includes(`${folder}/`)).toBe(false);
  });

  test('has of EC2 only what is asked of it', () => {
    for (const used of ['DescribeSubnetsRequest', 'DescribeVpcEndpointServicesRequest']) expect(first).toContain(used);
    for (const unused of ['RunInstancesRequest', 'LaunchTemplateData']) expect(first.includes(unused)).toBe(false);
  });
});

describe('keys of schemas', () => {
  test.each([
    ['a text constant is written out', 'const _xN = "xmlName";\nvar A = [0, { [_xN]: _it, [_xN]: 1 }];', 'const _xN = "xmlName";\nvar A = [0, { "xmlName": _it, "xmlName": 1 }];'],
    ['a key on a line of its own, too', 'const _e = "error";\nvar A = {\n  [_e]: 1 };', 'const _e = "error";\nvar A = {\n  "error": 1 };'],
    ['any other name stays', 'const key = name();\nvar A = { [key]: 1, [_x]: 2 };', undefined],
    ['a list stays', 'const _m = "M";\nvar A = [3, [_m], [_m, 0]];', undefined],
    ['a text with escapes stays', 'const _m = "a\\"b";\nvar A = { [_m]: 1 };', undefined],
  ])('%s', (_title, code, expected = code) => {
    expect(withLiteralKeys(code)).toBe(expected);
  });
});
