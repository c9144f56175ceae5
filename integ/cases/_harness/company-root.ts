import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A root of a company, with its key in a folder, worked by OpenSSL as an operator would. */
export class CompanyRoot {
  public readonly certificate: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'company-root-'));

  public constructor() {
    this.run('openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3653 -subj /CN=Company -keyout root.key -out root.crt');
    this.certificate = this.read('root.crt');
  }

  /** What comes of a command line that reads `cluster.csr` and writes `cluster.crt`. */
  public sign(request: string, command: string): string {
    writeFileSync(join(this.folder, 'cluster.csr'), request);
    this.run(command);
    return this.read('cluster.crt');
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private run(command: string): void {
    const [program, ...args] = command.split(' ');
    execFileSync(program, args, { cwd: this.folder, stdio: 'pipe' });
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }
}
