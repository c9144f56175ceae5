import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Large contents beside the journal, one file each, named after their hash. Records hold the name only. */
export class Blobs {
  public constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  public put(content: Uint8Array): string {
    const name = createHash('sha256').update(content).digest('hex');
    const file = this.path(name);
    if (!existsSync(file)) {
      writeFileSync(`${file}.new`, content);
      renameSync(`${file}.new`, file);
    }
    return name;
  }

  public get(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  public path(name: string): string {
    return join(this.folder, name);
  }
}
