import type { Command } from './command';
import { own, theOne, visible } from './key-selection';
import { demandNoApproval } from './key-store';
import type { AttributeValue } from '../../hsm/partition';
import type { Options } from '../arguments';
import type { Session } from '../session';
import { Refusal, sayIn } from '../stop';

const SWITCHES = ['encrypt', 'decrypt', 'sign', 'verify', 'wrap', 'unwrap', 'destroyable', 'wrap-with-trusted'];

/** What an attribute may be set to after creation; nothing when it may not. */
function newValue(session: Session, name: string, text: string): AttributeValue | undefined {
  const onHsm2 = !session.links[0].hsm.hsmType.startsWith('hsm1');
  const max = session.context.row<number>('cloudhsm-client/label-length');
  if (name === 'label') return text.length <= max ? text : undefined;
  if (name === 'id') return onHsm2 ? text : undefined;
  if (text !== 'true' && text !== 'false') return undefined;
  const on = text === 'true';
  if (SWITCHES.includes(name) || name === 'trusted' || (name === 'derive' && onHsm2)) return on;
  // One way each: a session key may stay, a key may be frozen.
  if ((name === 'token' && on) || (name === 'modifiable' && !on)) return on;
  return undefined;
}

function setAttribute(session: Session, options: Options): object {
  const [name, text] = [options.one('name')!, options.one('value')!];
  session.demandRole(name === 'trusted' ? 'admin' : 'crypto-user');
  const { key } = theOne(name === 'trusted' ? visible(session) : own(session), options.many('filter'));
  if (key.attributes.modifiable === false) throw new Refusal('text-key-use', { key: key.reference, use: 'modifiable' });
  const value = newValue(session, name, text);
  if (value === undefined) throw new Refusal('text-attribute', { name, value: text });
  session.change('Key set-attribute', {}, (link) => link.changeKey(
    key.reference, 'key-set-attribute', 'CN_MODIFY_OBJECT', (copy) => ({ ...copy, attributes: { ...copy.attributes, [name]: value } })));
  return { message: sayIn(session.context, 'text-attribute-set') };
}

export const setAttributeCommands: readonly Command[] = [
  {
    path: 'key set-attribute',
    options: { filter: 'many', name: 'one', value: 'one', approval: 'one' },
    required: ['filter', 'name', 'value'],
    roles: ['admin', 'crypto-user'],
    prepare: (_context, options) => {
      demandNoApproval(options);
      return (session) => setAttribute(session, options);
    },
  },
];
