import type { Command } from './command';
import { keyAttributes } from './key-attributes';
import { theOne, visible } from './key-selection';
import { choice, demandSense, specOf, store } from './key-store';
import { created } from './key-view';
import { importedKey } from '../../hsm/keys';
import type { HsmKey } from '../../hsm/partition';
import type { Options } from '../arguments';
import { readFile, wholePath } from '../files';
import type { RunInput } from '../input';
import type { Session } from '../session';
import { NotBuilt, Refusal, sayIn } from '../stop';

/** Public keys as they are; of private ones no more than which they are, in the armour that TLS servers expect. */
function generateFile(session: Session, options: Options, input: RunInput): object {
  const encoding = options.one('encoding')!;
  const { key } = theOne(visible(session), options.many('filter'));
  const wanted = encoding === 'pem' ? 'public-key' : 'private-key';
  if (key.attributes.class !== wanted) throw new Refusal('text-key-type', { key: key.reference, type: wanted });
  session.write(wholePath(input, options.one('path')!), Buffer.from(encoding === 'pem' ? key.material : reference(key)));
  return { message: sayIn(session.context, 'text-key-file') };
}

function reference({ reference: handle, attributes }: HsmKey): string {
  const body = Buffer.from(JSON.stringify({ 'key-reference': handle, 'modulus': attributes.modulus, 'ec-point': attributes['ec-point'] })).toString('base64');
  const label = attributes['key-type'] === 'ec' ? 'EC PRIVATE KEY' : 'RSA PRIVATE KEY';
  return [`-----BEGIN ${label}-----`, ...body.match(/.{1,64}/g) ?? [], `-----END ${label}-----`, ''].join('\n');
}

function importPem(session: Session, options: Options, input: RunInput): object {
  const path = options.one('path')!;
  const content = readFile(input, path);
  const spec = specOf(session, options, options.one('label')!, keyAttributes('--attributes', options.many('attributes')));
  let key: HsmKey;
  try {
    key = importedKey(session.context, spec, options.one('key-type-class') as 'rsa-public', content);
  } catch {
    throw new Refusal('text-import', { file: path });
  }
  store(session, options, [key]);
  return { key: created(key), message: sayIn(session.context, 'text-key-imported') };
}

export const keyFileCommands: readonly Command[] = [
  {
    path: 'key generate-file',
    options: { encoding: 'one', path: 'one', filter: 'many', all: 'flag' },
    required: ['encoding', 'path', 'filter'],
    roles: ['crypto-user'],
    prepare: (_context, options, _answers, input) => {
      const encoding = choice(options, 'encoding', ['reference-pem', 'pem', 'ksp-key-reference', 'cloudhsm-reference-pem']);
      if (encoding === 'ksp-key-reference' || encoding === 'cloudhsm-reference-pem') throw new NotBuilt(`key generate-file --encoding ${encoding}`);
      return (session) => generateFile(session, options, input);
    },
  },
  {
    path: 'key import pem',
    options: { 'path': 'one', 'label': 'one', 'key-type-class': 'one', 'attributes': 'many' },
    required: ['path', 'label', 'key-type-class'],
    roles: ['crypto-user'],
    prepare: (context, options, _answers, input) => {
      demandSense(context, options);
      choice(options, 'key-type-class', ['ec-public', 'rsa-public']);
      return (session) => importPem(session, options, input);
    },
  },
];
