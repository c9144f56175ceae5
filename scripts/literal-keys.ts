/**
 * The SDK's schemas name their traits by constants: `const _xN = "xmlName"` and then `{ [_xN]: _it }`. esbuild cannot know that such a key has no side
 * effect, so it keeps every schema that has one, used or not: of EC2's, 554 KB for two calls. With the text in the key's place it drops what nothing uses.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const SCHEMAS = /[\\/]@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/;

export const literalKeys: Plugin = {
  name: 'literal-keys',
  setup: ({ onLoad }) => onLoad({ filter: SCHEMAS }, ({ path }) => ({ contents: withLiteralKeys(readFileSync(path, 'utf8')), loader: 'js' })),
};

/** Computed keys that are a text constant of the same module are written out; any other stays. */
export function withLiteralKeys(code: string): string {
  const constants = new Map([...code.matchAll(/^const (\w+) = ("[^"\\\n]*");$/gm)].map(([, name, text]) => [name, text]));
  return code.replace(/(?<=[{,]\s*)\[(\w+)\](?=:)/g, (key, name: string) => constants.get(name) ?? key);
}
