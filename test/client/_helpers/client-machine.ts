import { spawnSync } from 'child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { FAKE_APT, FAKE_AWS, FAKE_CLI, FAKE_CONFIGURE, FAKE_CURL, FAKE_DNF, FAKE_SCRIPT, FAKE_SNAP, FAKE_SYSTEMCTL } from './programs';

const DOCUMENTS = join(__dirname, '..', '..', '..', 'src', 'client', 'documents');

export const CLUSTER_ID = 'cluster-igklspoyj5v';

export interface HsmUser {
  readonly role: string;
  readonly password?: string;
  /** On how many HSMs he is, of all. */
  readonly on?: number;
  /** Owns keys or is logged in: the HSM keeps him. */
  readonly kept?: boolean;
  readonly refusals?: number;
}

/** What is on the HSMs, and how the programs behave. */
export interface MachineState {
  readonly users: Record<string, HsmUser>;
  readonly addresses: readonly string[];
  readonly secrets: Record<string, { readonly version: string; readonly text: string } | undefined>;
  /** Whether the client's prompts can be answered. */
  readonly promptsWork: boolean;
  /** The client asks for something else than passwords. */
  readonly otherPrompt?: boolean;
  /** Whether the client takes `--password`. */
  readonly argumentWorks: boolean;
  readonly reachable: boolean;
  /** Services that deny the client's role. */
  readonly denied: readonly string[];
  /** A new user reaches only so many HSMs. */
  readonly createReaches?: number;
  /** A password is changed, and the client says that it was not. */
  readonly changeAnswerLost?: boolean;
  /** How many keys users see. */
  readonly keysSeen?: Readonly<Record<string, number>>;
  /** Quorum value of the service user. */
  readonly quorum?: number;
  /** A new user gets this password, whatever was typed. */
  readonly createSets?: string;
}

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errorOutput: string;
  /** Result of the last JSON line, or the code of the error. */
  readonly gist: string;
  /** Commands that programs were called with, in their order, such as `cloudhsm-cli user list`. */
  readonly calls: readonly string[];
}

export const ADMIN_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:admin';
export const SEALED_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:sealed';
export const FORMER_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:former';
export const USER_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app';

/** Where the version AWSPENDING of a secret is kept. */
export const pendingOf = (arn: string) => `${arn}#pending`;

export const secret = (version: string, username: string, password: string) => ({ version, text: JSON.stringify({ username, password }) });

/** A client host in a temporary folder: our scripts run on it for real, among programs that only play their parts. */
export class ClientMachine {
  private readonly folder = mkdtempSync(join(tmpdir(), 'client-machine-'));

  public constructor(state: Partial<MachineState> & Pick<MachineState, 'users'>, private readonly options: { installed?: boolean; realScript?: boolean; noScript?: boolean; promptSeconds?: number; noLists?: boolean; noAws?: boolean } = {}) {
    for (const name of ['bin', 'root/bin', 'tmp', 'units']) mkdirSync(join(this.folder, name), { recursive: true });
    this.state = {
      addresses: ['10.0.0.1', '10.0.0.2'], secrets: {}, promptsWork: true, argumentWorks: true, reachable: true, denied: [], ...state,
    };
    this.program(options.noAws ? 'aws' : 'bin/aws', FAKE_AWS);
    this.program('bin/snap', FAKE_SNAP);
    this.program('bin/systemctl', FAKE_SYSTEMCTL);
    this.program('bin/dnf', FAKE_DNF);
    this.program('bin/apt-get', FAKE_APT);
    if (options.noLists) writeFileSync(join(this.folder, 'no-lists'), '');
    this.program('bin/curl', FAKE_CURL);
    // The real one would change the host that the tests run on.
    this.program('bin/mount', '#!/bin/bash\necho "mount $*" >> "$FAKE/calls"\n');
    if (!options.realScript && !options.noScript) this.program('bin/script', FAKE_SCRIPT);
    this.program('cloudhsm-cli', FAKE_CLI);
    this.program('configure-cli', FAKE_CONFIGURE);
    if (options.installed ?? true) {
      this.program('root/bin/cloudhsm-cli', FAKE_CLI);
      this.program('root/bin/configure-cli', FAKE_CONFIGURE);
    }
  }

  public get state(): MachineState {
    return JSON.parse(readFileSync(join(this.folder, 'state.json'), 'utf8')) as MachineState;
  }

  public set state(state: MachineState) {
    const write = (name: string, text: string) => writeFileSync(join(this.folder, name), text);
    write('state.json', JSON.stringify(state));
    write('denied', `${state.denied.join('\n')}\n`);
    write('addresses', `${state.addresses.join('\t') || 'None'}\n`);
    rmSync(join(this.folder, 'secrets'), { recursive: true, force: true });
    mkdirSync(join(this.folder, 'secrets'));
    for (const [arn, found] of Object.entries(state.secrets)) {
      const name = arn.split(':').pop()!;
      // The current version is had without its id, too.
      for (const asked of found ? ['[VersionId,SecretString]', found.version] : []) write(`secrets/${name}.${asked}`, `${found!.version}\t${found!.text}\n`);
    }
  }

  public run(script: string, values: Readonly<Record<string, string>> = {}, words: readonly string[] = []): Outcome {
    const file = join(this.folder, 'document.sh');
    writeFileSync(file, concatenated(script, values));
    writeFileSync(join(this.folder, 'calls'), '');
    const { status, stdout, stderr } = spawnSync('bash', [file, ...words], {
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        PATH: [join(this.folder, 'bin'), ...this.options.noScript ? [this.pathWithoutScript()] : [process.env.PATH]].join(':'),
        HOME: this.folder,
        TMPDIR: join(this.folder, 'tmp'),
        FAKE: this.folder,
        NODE: process.execPath,
        CLOUDHSM_ROOT: join(this.folder, 'root'),
        CLOUDHSM_STATE: join(this.folder, 'state'),
        CLOUDHSM_UNITS: join(this.folder, 'units'),
        AWS_SSM_REGION_NAME: 'eu-west-1',
        ...this.options.promptSeconds ? { CLOUDHSM_PROMPT_SECONDS: String(this.options.promptSeconds) } : {},
      },
    });
    const gist = /^cloudhsm-error (\w+)/m.exec(stderr)?.[1] ?? /\{"result":"([\w-]+)"\}\n$/.exec(stdout)?.[1] ?? `${status}: ${stderr}`;
    return { status, output: stdout, errorOutput: stderr, gist, calls: this.read('calls').split('\n').filter(Boolean) };
  }

  /** What a script left in the folder for temporary files. */
  public get leftovers(): readonly string[] {
    return readdirSync(join(this.folder, 'tmp'));
  }

  public read(name: string): string {
    return existsSync(join(this.folder, name)) ? readFileSync(join(this.folder, name), 'utf8') : '';
  }

  /** Puts a file there. */
  public put(name: string): void {
    writeFileSync(join(this.folder, name), '');
  }

  /** Takes a file away. */
  public take(name: string): void {
    rmSync(join(this.folder, name));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private program(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text.replace('#!node', `#!${process.execPath}`));
    chmodSync(join(this.folder, name), 0o755);
  }

  /** A host that has the usual tools, but no `script`. */
  private pathWithoutScript(): string {
    const folder = join(this.folder, 'tools');
    mkdirSync(folder, { recursive: true });
    const tools = [
      'bash', 'sed', 'grep', 'tr', 'cat', 'rm', 'mktemp', 'mkdir', 'chmod', 'sort', 'head', 'tail', 'wc', 'cut', 'uname', 'sha256sum', 'sleep', 'env', 'mkfifo',
      'dirname', 'cp', 'od', 'install',
    ];
    for (const tool of tools) {
      const file = join(folder, tool);
      if (!existsSync(file)) {
        writeFileSync(file, `#!/bin/sh\nexec ${spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim()} "$@"\n`);
        chmodSync(file, 0o755);
      }
    }
    return folder;
  }
}

/** A document's script as `scriptHead` and `adminScriptHead` of `src/client/client-scripts.ts` put it together. */
export function concatenated(script: string, values: Readonly<Record<string, string>> = {}): string {
  const text = (name: string) => readFileSync(join(DOCUMENTS, `${name}.sh`), 'utf8');
  const all = {
    AWS_REGION: 'eu-west-1', ClusterId: CLUSTER_ID, TrustAnchorParameter: `/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`, RefusedVersions: 'none', ...values,
    PackageSource: values.PackageSource ?? 'https://example.com/Amzn2023', PackagePlatform: values.PackagePlatform ?? 'amzn2023', PackageVersion: values.PackageVersion ?? 'latest', PackageChecksums: values.PackageChecksums ?? '',
  };
  return [
    '#!/bin/bash', ...Object.entries(all).map(([name, value]) => `${name}='${value}'`), text('prelude').replace(/^#!.*\n/, ''), text('install-client'),
    ...HOST_SCRIPTS.includes(script) ? [] : [text('admin')], text(script),
  ].join('\n');
}

/** What runs on hosts that are no admin clients. */
const HOST_SCRIPTS = ['set-up-client'];

const bashFiles = () => readdirSync(DOCUMENTS).filter((file) => file.endsWith('.sh'));

export const scriptNames = () => bashFiles().map((file) => file.replace(/\.sh$/, '')).filter((name) => !['prelude', 'install-client', 'admin'].includes(name));
export const scriptFiles = () => bashFiles().map((file): [string, string] => [file, readFileSync(join(DOCUMENTS, file), 'utf8')]);
