import type { AttributeValue } from '../../hsm/partition';
import { Refusal } from '../stop';

/** What may be given at creation; the rest is what the HSM says about a key. */
const SETTABLE = new Set([
  'encrypt', 'decrypt', 'token', 'derive', 'destroyable', 'extractable', 'id', 'modifiable', 'private', 'sensitive', 'sign', 'trusted', 'unwrap', 'verify',
  'wrap', 'wrap-with-trusted',
]);

/** `name=value …`; words without a value mean true. */
export function keyAttributes(option: string, words: readonly string[]): Record<string, AttributeValue> {
  return Object.fromEntries(words.map((word) => {
    const [name, ...rest] = word.split('=');
    const text = rest.length === 0 ? 'true' : rest.join('=');
    if (!SETTABLE.has(name)) throw new Refusal('text-key-option', { option, problem: `${name} is not an attribute that can be set` });
    if (name === 'id') return [name, text];
    if (text !== 'true' && text !== 'false') throw new Refusal('text-key-option', { option, problem: `${name} is true or false` });
    return [name, text === 'true'];
  }));
}
