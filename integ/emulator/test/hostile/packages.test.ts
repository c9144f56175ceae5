import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { CodeFolders } from '../../src/compute/functions/code';
import { readUserData } from '../../src/services/ec2/boot-scripts';
import { lambda } from '../../src/services/lambda/service';
import type { Service } from '../../src/wire/operation';
import { World } from '../_helpers/world';

const MEGABYTE = 1024 * 1024;

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hostile-package-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = (text: string) => new Uint8Array(Buffer.from(text));

/** Says another size, in both places, of the only file of a package than it has. */
function claiming(content: Buffer, size: number): Buffer {
  const forged = Buffer.from(content);
  forged.writeUInt32LE(size, 22);
  forged.writeUInt32LE(size, forged.indexOf(Buffer.from('PK\u0001\u0002')) + 24);
  return forged;
}

describe('unpacking', () => {
  const unpack = (files: Record<string, Uint8Array>) => () => new CodeFolders(join(home, 'code'), undefined).of('package', () => zipSync(files));

  test.each(['../outside.txt', 'a/../../../outside.txt', '/outside.txt', '..\\outside.txt', 'a/../../code-beside/x', 'nul\0.txt'])('%j is not written', (name) => {
    expect(unpack({ 'index.js': file('1'), [name]: file('2') })).toThrow(/holds a file outside its folder/);
    expect(readdirSync(home)).toEqual(['code']);
    expect(existsSync(join(home, 'code', 'package'))).toBe(false);
  });

  test('a file that stands where another one has its folder is an error, and nothing is left behind', () => {
    expect(unpack({ 'a': file('1'), 'a/b': file('2') })).toThrow();
    expect(existsSync(join(home, 'code', 'package'))).toBe(false);
  });

  test('a file that is larger than it says does not take more room than it says', () => {
    const forged = claiming(Buffer.from(zipSync({ 'index.js': new Uint8Array(64 * MEGABYTE) })), 10);
    const folders = new CodeFolders(join(home, 'code'), undefined);
    let size = 0;
    try {
      size = statSync(join(folders.of('package', () => forged), 'index.js')).size;
    } catch {
      // An error is as good.
    }

    expect(size).toBeLessThanOrEqual(10);
  });
});

describe('CreateFunction', () => {
  const iam: Service = { name: 'iam', operations: { GetRole: () => ({ Role: { RoleName: 'role' } }) } };
  let world: World;

  beforeEach(() => {
    world = new World({ services: [lambda, iam] });
  });
  afterEach(() => world.stop());

  const refusal = (ZipFile: Buffer) => world.refusal('lambda', 'CreateFunction', {
    FunctionName: 'fn', Runtime: 'nodejs22.x', Role: 'arn:aws:iam::123456789012:role/role', Handler: 'index.handler', Code: { ZipFile },
  }).message;

  test('refuses a package that unpacks to more than Lambda takes', () => {
    expect(refusal(claiming(Buffer.from(zipSync({ 'index.js': file('1') })), 263 * MEGABYTE))).toBe('Unzipped size must be smaller than 262144000 bytes');
  });

  test('refuses a package with a file outside its folder', () => {
    expect(refusal(Buffer.from(zipSync({ '../../x': file('1') })))).toBe('[emulator] the deployment package holds a file outside its folder: ../../x');
  });

  const link = Buffer.from(zipSync({ 'ln': [file('/tmp'), { os: 3, attrs: 0xa1ff << 16 }], 'ln/zz': file('2') }));
  const damaged = Buffer.from(zipSync({ 'index.js': [file('exports.handler = 1;'), { level: 0 }] }));
  damaged[damaged.indexOf('= 1;') + 2] = '2'.charCodeAt(0);

  test.each([
    ['a link and a file behind it', link], ['a name with a NUL', Buffer.from(zipSync({ 'nul\0.txt': file('1') }))],
    ['a name that no file system takes', Buffer.from(zipSync({ ['x'.repeat(5_000)]: file('1') }))], ['a file that is a folder too', Buffer.from(zipSync({ 'index.js': file('1'), 'index.js/a': file('2') }))],
    ['bytes that are not those that were packed', damaged],
  ])('refuses a package with %s', (_what, content) => {
    expect(refusal(content)).toBe('Could not unzip uploaded file. Please check your file, then try to upload again.');
  });

  test.each([['nothing', Buffer.alloc(0)], ['no zip', Buffer.from('no zip')], ['half a zip', Buffer.from(zipSync({ a: file('1') })).subarray(0, 40)]])('refuses %s', (_what, content) => {
    expect(refusal(content)).toBe('Could not unzip uploaded file. Please check your file, then try to upload again.');
  });
});

describe('user data', () => {
  const script = (content: Buffer) => readUserData(content.toString('base64'));

  test('that expands a thousandfold is not unpacked', () => {
    expect(script(gzipSync(Buffer.alloc(8 * MEGABYTE, '#!'))).scripts).toEqual([]);
  });

  test('that only begins like gzip is no script', () => {
    expect(script(Buffer.from([0x1f, 0x8b, 1, 2, 3]))).toEqual({ scripts: [], others: ['application/gzip'] });
  });
});
