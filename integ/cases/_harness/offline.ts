import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { AppProps } from 'aws-cdk-lib';
import { keepGrants } from './grants';
import { Emulator } from 'cloudhsm-emulator';
import type { EmulatorOptions, Report } from 'cloudhsm-emulator';

/** What came of a command of the CDK CLI. */
export interface CliResult {
  readonly exitCode: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** Fills an app with stacks. */
export type Build = (app: App) => void;

const CLI = require.resolve('aws-cdk/bin/cdk');

/** An emulated AWS, and the stock CDK CLI deploying to it: what every case begins with. */
export class Offline {
  /** `variants` that a case gives come on top of those of the run. */
  public static async start({ variants = [], ...options }: EmulatorOptions = {}): Promise<Offline> {
    return new Offline(await Emulator.start({
      region: 'us-east-1', seed: SWIFT_SEED, variants: [...VARIANTS, ...variants], keyReserve: KEY_RESERVE, ...options,
    }));
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'cloudhsm-case-'));
  private assemblies = 0;

  private constructor(public readonly emulator: Emulator) {}

  public get region(): string {
    return this.emulator.region;
  }

  /** The same AWS, as seen from another Region. */
  public in(region: string): Offline {
    return Object.create(this, { region: { value: region } }) as Offline;
  }

  /** Settings for SDK clients that talk to the emulator. */
  public get client(): { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } } {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = this.emulator.environment;
    return {
      endpoint: this.emulator.endpoint,
      region: this.region,
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    };
  }

  public async deploy(build: Build, ...args: string[]): Promise<CliResult> {
    return this.cdk(build, ['deploy', '--all', '--require-approval', 'never', '--progress', 'events', ...args]);
  }

  /** Deploys, and fails with the CLI's output when that fails. */
  public async mustDeploy(build: Build, ...args: string[]): Promise<Report> {
    const { exitCode, output } = await this.deploy(build, ...args);
    if (exitCode !== 0) throw new Error(`cdk deploy ended with ${exitCode}:\n${output}`);
    return this.report();
  }

  public async destroy(build: Build, ...args: string[]): Promise<CliResult> {
    return this.cdk(build, ['destroy', '--all', '--force', ...args]);
  }

  public async cdk(build: Build, args: readonly string[], props: AppProps = {}): Promise<CliResult> {
    const assembly = this.synth(build, props);
    const result = await run(process.execPath, [CLI, ...args, '--app', assembly, '--no-notices'], this.emulator.environment);
    await this.emulator.idle();
    return result;
  }

  /** The CLI in the folder of an app that has a cdk.json. */
  public async cdkIn(folder: string, args: readonly string[]): Promise<CliResult> {
    this.assemblies += 1;
    const output = join(this.folder, `assembly-${this.assemblies}`);
    const result = await run(process.execPath, [CLI, ...args, '--output', output, '--no-notices'], this.emulator.environment, folder);
    await this.emulator.idle();
    return result;
  }

  public synth(build: Build, props: AppProps = {}): string {
    this.assemblies += 1;
    const outdir = join(this.folder, `assembly-${this.assemblies}`);
    const app = new App({ outdir, analyticsReporting: false, ...props });
    build(app);
    return app.synth().directory;
  }

  public report(): Report {
    return this.emulator.report();
  }

  public async stop(): Promise<void> {
    keepGrants(this.emulator);
    await this.emulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The service draws short times with it: less to wait for, and fewer looks at it. */
const SWIFT_SEED = 14;

/** Making keys of 4,096 bits takes seconds: the cases of a run share them. */
const KEY_RESERVE = process.env.CASES_SHARED_FOLDER && join(process.env.CASES_SHARED_FOLDER, 'keys');

/** The cases run once with each answer to what AWS does not document. */
const VARIANTS = (process.env.EMULATOR_VARIANTS ?? 'default').split(',');

function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>>, cwd?: string): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment, FORCE_COLOR: '0' } });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
