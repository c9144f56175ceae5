import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store, Table } from './store';

/**
 * New RSA keys. One of 4,096 bits takes seconds of a core, so many short runs may share a reserve: a folder in which the n-th key of a size is kept
 * by whoever made an n-th one first. Within one state no key comes twice.
 */
export class KeyPairs {
  private readonly taken: Table<number>;

  public constructor(store: Store, private readonly reserve?: string) {
    this.taken = store.table('kernel/key-pairs');
    if (reserve) mkdirSync(reserve, { recursive: true });
  }

  /** In a transaction. */
  public rsa(bits: number): KeyObject {
    if (!this.reserve) return newKey(bits);
    const size = String(bits);
    const nth = (this.taken.get(size) ?? 0) + 1;
    this.taken.put(size, nth);
    return kept(join(this.reserve, `rsa-${size}-${nth}.pem`)) ?? keep(join(this.reserve, `rsa-${size}-${nth}.pem`), newKey(bits));
  }
}

function newKey(bits: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
}

function kept(file: string): KeyObject | undefined {
  return existsSync(file) ? createPrivateKey(readFileSync(file)) : undefined;
}

/** Others may be at it as well: whole files only, and whichever comes last stays. */
function keep(file: string, key: KeyObject): KeyObject {
  const own = `${file}.${randomUUID()}`;
  writeFileSync(own, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  renameSync(own, file);
  return key;
}
