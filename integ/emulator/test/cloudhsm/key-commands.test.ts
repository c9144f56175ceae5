import { constants, createHash, createPublicKey, createVerify, generateKeyPairSync, privateDecrypt, verify } from 'node:crypto';
import { ADMIN, labAt } from './lab';
import type { CliOptions, Lab } from './lab';

interface Key {
  readonly 'key-reference': string;
  readonly 'key-info': { readonly 'shared-users': ReadonlyArray<{ username: string }> };
  readonly 'attributes': Readonly<Record<string, unknown>>;
}

interface Told {
  readonly message?: string;
  readonly key?: Key;
  readonly signature?: string;
  readonly matched_keys?: readonly Key[];
  readonly [name: string]: unknown;
}

const ALICE = ['crypto-user', 'alice:Password1'] as const;
const BOB = ['crypto-user', 'bob:Password1'] as const;

let lab: Lab;
let clusterId: string;

beforeAll(async () => {
  ({ lab, clusterId } = await labAt('active'));
  for (const name of ['alice', 'bob']) {
    lab.cli(clusterId, ['user', 'create', '--username', name, '--role', 'crypto-user', '--password', 'Password1'], { as: ADMIN });
  }
  told('key generate-symmetric aes --label payload --key-length-bytes 16');
  told('key generate-symmetric aes --label kept --key-length-bytes 32 --attributes extractable=false');
  told('key generate-symmetric aes --label wrapping --key-length-bytes 32 --attributes wrap=true unwrap=true');
  told('key generate-symmetric generic-secret --label odd --key-length-bytes 13');
  told('key generate-asymmetric-pair rsa --public-label rsa-public --private-label rsa-private --modulus-size-bits 2048 --public-exponent 65537 '
    + '--public-attributes wrap=true verify=true --private-attributes unwrap=true sign=true');
  told('key generate-asymmetric-pair ec --public-label ec-public --private-label ec-private --curve secp256r1 '
    + '--public-attributes verify=true --private-attributes sign=true');
});

afterAll(() => lab.stop());

function run(line: string, options: CliOptions = {}): { code: number; data: Told; files: ReadonlyMap<string, Buffer> } {
  const { stdout, stderr, files = [] } = lab.run(clusterId, line.split(' '), { as: ALICE, ...options });
  if (stdout === '') throw new Error(stderr);
  const { error_code: code, data } = JSON.parse(stdout) as { error_code: number; data: Told };
  return { code, data, files: new Map(files.map(({ path, base64 }) => [path, Buffer.from(base64, 'base64')])) };
}

function told(line: string, options: CliOptions = {}): Told {
  const { code, data } = run(line, options);
  if (code !== 0) throw new Error(`${line}: ${String(data)}`);
  return data;
}

const refused = (line: string, options: CliOptions = {}): unknown => {
  const { code, data } = run(line, options);
  return code === 1 ? data : `taken: ${JSON.stringify(data)}`;
};
const usage = (line: string): string => lab.run(clusterId, line.split(' '), { as: ALICE }).stderr;
const seenBy = (as: CliOptions['as'], label: string): readonly Key[] => told(`key list --filter attr.label=${label} --verbose`, { as }).matched_keys!;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('key share', () => {
  test('lets another user use a key, but neither delete nor share nor change it', () => {
    expect(seenBy(BOB, 'ec-private')).toEqual([]);
    expect(told('key share --filter attr.label=ec-private --username BOB --role crypto-user')).toEqual({ message: 'Key shared successfully' });

    expect(seenBy(ALICE, 'ec-private')[0]['key-info']['shared-users']).toMatchObject([{ username: 'bob' }]);
    expect(told(`crypto sign ecdsa --key-filter attr.label=ec-private --hash-function sha256 --data ${base64('x')}`, { as: BOB }).signature).toBeDefined();
    for (const line of [
      'key delete --filter attr.label=ec-private', 'key share --filter attr.label=ec-private --username alice --role crypto-user',
      'key set-attribute --filter attr.label=ec-private --name sign --value false',
    ]) expect(refused(line, { as: BOB })).toBe('Key selection criteria matched no key.');

    expect(told('key unshare --filter attr.label=ec-private --username bob --role crypto-user')).toEqual({ message: 'Key unshared successfully' });
    expect(seenBy(BOB, 'ec-private')).toEqual([]);
  });

  test.each([['nobody', 'crypto-user'], ['admin', 'admin'], ['alice', 'crypto-user'], ['bob', 'admin']])('refuses %s as %s', (username, role) => {
    expect(refused(`key share --filter attr.label=payload --username ${username} --role ${role}`)).toMatch(/There is no user/);
  });
});

describe('key set-attribute', () => {
  test('changes what may be changed', () => {
    told('key generate-symmetric aes --label changing --key-length-bytes 16');
    for (const [name, value] of [['encrypt', 'true'], ['sign', 'false'], ['id', '0x01'], ['label', 'changed']]) {
      const label = 'changing';
      expect(told(`key set-attribute --filter attr.label=${label} --name ${name} --value ${value}`)).toEqual({ message: 'Attribute set successfully' });
    }
    expect(seenBy(ALICE, 'changed')).toMatchObject([{ attributes: { encrypt: true, sign: false, id: '0x01' } }]);
  });

  test.each([['extractable', 'false'], ['private', 'false'], ['class', 'secret-key'], ['modifiable', 'true'], ['token', 'false'], ['sign', 'maybe']])(
    'refuses %s=%s', (name, value) => {
      expect(refused(`key set-attribute --filter attr.label=payload --name ${name} --value ${value}`)).toMatch(/cannot be set/);
    });

  test('trusted is for administrators, and nothing else is', () => {
    expect(refused('key set-attribute --filter attr.label=odd --name trusted --value true')).toMatch(/role crypto-user/);
    expect(refused('key set-attribute --filter attr.label=odd --name sign --value true', { as: ADMIN })).toMatch(/role admin/);
    expect(told('key set-attribute --filter attr.label=odd --name trusted --value true', { as: ADMIN })).toHaveProperty('message');
    expect(seenBy(ALICE, 'odd')).toMatchObject([{ attributes: { trusted: true } }]);
  });

  test('a key that is no longer modifiable stays so, and one that is not destroyable is not deleted', () => {
    told('key generate-symmetric aes --label frozen --key-length-bytes 16 --attributes destroyable=false');
    told('key set-attribute --filter attr.label=frozen --name modifiable --value false');

    expect(refused('key set-attribute --filter attr.label=frozen --name sign --value false')).toMatch(/modifiable/);
    expect(refused('key delete --filter attr.label=frozen')).toMatch(/destroyable/);
  });
});

describe('key wrap and key unwrap', () => {
  const AES = '--wrapping-filter attr.label=wrapping';
  const RSA = '--wrapping-filter attr.label=rsa-public';
  const WITH_AES = '--filter attr.label=wrapping';
  const WITH_RSA = '--filter attr.label=rsa-private';

  test.each([
    ['aes-gcm', AES, WITH_AES, '--tag-length-bits 64 --aad 0x10'],
    ['cloudhsm-aes-gcm', AES, WITH_AES, '--tag-length-bits 128 --aad 0x10'],
    ['aes-no-pad', AES, WITH_AES, ''],
    ['aes-pkcs5-pad', AES, WITH_AES, ''],
    ['aes-zero-pad', AES, WITH_AES, ''],
    ['rsa-oaep', RSA, WITH_RSA, '--hash-function sha256 --mgf mgf1-sha256'],
    ['rsa-aes', RSA, WITH_RSA, '--hash-function sha512 --mgf mgf1-sha512'],
  ])('%s gives the same key back, as one that was not made here', (mechanism, wrapping, unwrapping, more) => {
    const how = `${mechanism} ${more}`.trim();
    const out = told(`key wrap ${how} --payload-filter attr.label=payload ${wrapping}`);
    const data = (out.wrapped_key_data ?? out['wrapped-key-data']) as string;
    const iv = out.iv === undefined ? '' : ` --iv ${out.iv as string}`;
    const back = (wrapped: string): string => `key unwrap ${how} --key-type-class aes --label back-${mechanism} ${unwrapping}${iv} --data ${wrapped}`;

    const { key } = told(back(data));

    const [original] = seenBy(ALICE, 'payload');
    expect(key!.attributes).toMatchObject({ 'check-value': original.attributes['check-value'], 'local': false, 'always-sensitive': false });
    const broken = Buffer.from(data, 'base64');
    broken[broken.length - 1] ^= 1;
    expect(refused(back(broken.toString('base64')))).toMatch(/cannot be unwrapped/);
  });

  test('an RSA private key travels too, through files, and still signs what its public half verifies', () => {
    const { files } = run(`key wrap aes-pkcs5-pad --payload-filter attr.label=rsa-private ${AES} --path out.bin`, { ...({ cwd: '/work' } as object) });
    const wrapped = files.get('/work/out.bin')!.toString('base64');
    told(`key unwrap aes-pkcs5-pad --key-type-class rsa-private --label second ${WITH_AES} --data-path /work/out.bin --attributes sign=true`, {
      binaries: { '/work/out.bin': wrapped },
    });

    const { signature } = told(`crypto sign rsa-pkcs --key-filter attr.label=second --hash-function sha256 --data ${base64('x')}`);
    const checked = `crypto verify rsa-pkcs --key-filter attr.label=rsa-public --hash-function sha256 --data ${base64('x')} --signature ${signature!}`;
    expect(told(checked)).toEqual({ message: 'Signature verified successfully' });
  });

  test('RSA-OAEP is what others understand', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const line = 'key import pem --path /pub.pem --label foreign --key-type-class rsa-public --attributes wrap=true';
    expect(told(line, { files: { '/pub.pem': pem } })).toMatchObject({ message: 'Successfully imported key', key: { attributes: { 'local': false, 'modulus-size-bits': 2048 } } });

    const out = told('key wrap rsa-oaep --hash-function sha256 --mgf mgf1-sha256 --payload-filter attr.label=odd --wrapping-filter attr.label=foreign');

    expect(privateDecrypt({ key: pair.privateKey, oaepHash: 'sha256' }, Buffer.from(out['wrapped-key-data'] as string, 'base64'))).toHaveLength(13);
  });

  test.each([
    ['a key that is not extractable', `aes-no-pad --payload-filter attr.label=kept ${AES}`, /extractable/],
    ['with a key that does not wrap', 'aes-no-pad --payload-filter attr.label=payload --wrapping-filter attr.label=kept', /wrap/],
    ['with a key of another type', `aes-no-pad --payload-filter attr.label=payload ${RSA}`, /not of type aes/],
    ['thirteen bytes without padding', `aes-no-pad --payload-filter attr.label=odd ${AES}`, /cannot be wrapped/],
    ['with PKCS #1 in FIPS mode', `rsa-pkcs --payload-filter attr.label=payload ${RSA}`, /FIPS/],
  ])('refuse %s', (_title, line, expected) => {
    expect(refused(`key wrap ${line}`)).toMatch(expected);
  });

  test('a key that wants a trusted wrapping key gets no other', () => {
    told('key generate-symmetric aes --label careful --key-length-bytes 16 --attributes wrap-with-trusted=true');
    expect(refused(`key wrap aes-no-pad --payload-filter attr.label=careful ${AES}`)).toMatch(/trusted/);
    told('key set-attribute --filter attr.label=wrapping --name trusted --value true', { as: ADMIN });
    expect(told(`key wrap aes-no-pad --payload-filter attr.label=careful ${AES}`)).toHaveProperty('wrapped_key_data');
  });

  test('only the owner wraps, whoever else may use the key', () => {
    told('key share --filter attr.label=payload --username bob --role crypto-user');
    expect(refused(`key wrap aes-no-pad --payload-filter attr.label=payload ${AES}`, { as: BOB })).toBe('Key selection criteria matched no key.');
  });

  test('wrong arguments are told before anything is dialled', () => {
    expect(usage('key wrap rsa-oaep --hash-function sha256 --mgf mgf1-sha1 --payload-filter a --wrapping-filter b')).toMatch(/possible values: mgf1-sha256/);
    expect(usage('key wrap aes-gcm --payload-filter a --wrapping-filter b')).toMatch(/--tag-length-bits/);
    expect(usage(`key unwrap aes-no-pad ${WITH_AES} --key-type-class aes --label x`)).toMatch(/<--data\|--data-path>/);
  });
});

describe('key generate-file', () => {
  test('writes public keys as they are, and of private ones which they are', () => {
    const pem = run('key generate-file --encoding pem --path /pub.pem --filter attr.label=ec-public').files.get('/pub.pem')!.toString();
    expect(createPublicKey(pem).asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });

    const fake = run('key generate-file --encoding reference-pem --path /k.pem --filter attr.label=ec-private').files.get('/k.pem')!.toString();
    const [{ 'key-reference': reference }] = seenBy(ALICE, 'ec-private');
    expect(Buffer.from(fake.split('\n').slice(1, -2).join(''), 'base64').toString()).toContain(reference);
    expect(refused('key generate-file --encoding pem --path /k.pem --filter attr.label=ec-private')).toMatch(/public-key/);
  });

  test('what is no key is not imported', () => {
    expect(refused('key import pem --path /none --label x --key-type-class rsa-public')).toMatch(/cannot be read/);
    expect(refused('key import pem --path /k --label x --key-type-class rsa-public', { files: { '/k': 'text' } })).toMatch(/PEM/);
  });
});

describe('crypto sign and crypto verify', () => {
  const pub = (label: string): string => run(`key generate-file --encoding pem --path /p --filter attr.label=${label}`).files.get('/p')!.toString();
  const DATA = 'abc123';

  test.each([
    ['rsa-pkcs', 'rsa', ''],
    ['rsa-pkcs-pss', 'rsa', ' --mgf mgf1-sha256 --salt-length 10'],
    ['ecdsa', 'ec', ''],
  ])('%s signs so that everybody can verify', (mechanism, type, more) => {
    const sign = `crypto sign ${mechanism} --key-filter attr.label=${type}-private --hash-function sha256${more}`;
    const { signature } = told(`${sign} --data ${base64(DATA)}`);
    const check = (data: string): string => (
      `crypto verify ${mechanism} --key-filter attr.label=${type}-public --hash-function sha256${more} --data ${base64(data)} --signature ${signature!}`);

    const key = { key: pub(`${type}-public`), ...(mechanism === 'ecdsa' ? { dsaEncoding: 'ieee-p1363' as const } : {}), ...(more ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 10 } : {}) };
    expect(verify('sha256', Buffer.from(DATA), key, Buffer.from(signature!, 'base64'))).toBe(true);
    expect(told(check(DATA))).toEqual({ message: 'Signature verified successfully' });
    expect(refused(check('other'))).toBe('Signature verification failed');
  });

  test('a digest is signed as it is', () => {
    const digest = createHash('sha256').update(DATA).digest('base64');
    const { signature } = told(`crypto sign rsa-pkcs --key-filter attr.label=rsa-private --hash-function sha256 --data ${digest} --data-type digest`);

    expect(createVerify('sha256').update(DATA).verify(pub('rsa-public'), signature!, 'base64')).toBe(true);
    const check = `crypto verify rsa-pkcs --key-filter attr.label=rsa-public --hash-function sha256 --data-type digest --signature ${signature!}`;
    expect(told(`${check} --data ${digest}`)).toHaveProperty('message');
    expect(usage(`${check} --data ${base64('short')}`)).toMatch(/not a digest/);
  });

  test('a key signs only if it may, and ECDSA only with a hash that is worth the key', () => {
    const sign = (key: string, hash: string): string => `crypto sign ecdsa --key-filter attr.label=${key} --hash-function ${hash} --data ${base64(DATA)}`;
    expect(refused(sign('payload', 'sha256'))).toMatch(/not of type ec/);
    expect(refused(sign('ec-public', 'sha256'))).toMatch(/sign/);
    expect(refused(sign('ec-private', 'sha1'))).toBe('Digest security strength (80) is weaker than the key security strength (128)');
  });

  test('a key on one HSM alone is not used while availability is checked', () => {
    expect(refused(`crypto sign rsa-pkcs --key-filter attr.label=rsa-private --hash-function sha256 --data ${base64(DATA)}`, { check: true }))
      .toMatch(/at least 2 HSMs/);
  });
});
