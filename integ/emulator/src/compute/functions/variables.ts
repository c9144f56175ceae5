import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../kernel/package-folder';
import type { FunctionJob } from '../../wire/function-job';

/** The plain JavaScript that runs in a function's process; beside `src` and `lib` alike. */
const RUNTIME = join(PACKAGE_FOLDER, 'runtime');

export const BOOTSTRAP = join(RUNTIME, 'bootstrap.js');
const GUARD = join(RUNTIME, 'guard.js');

export interface Surroundings {
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };
  readonly taskRoot: string;
  readonly temporary: string;
  readonly clock: string;
  readonly endpoint: string;
  readonly tlsPort: number;
  readonly caFile: string;
}

/** The variables of a function's process: as Lambda sets them, and what keeps it inside the emulator. */
export function variablesOf(job: FunctionJob, surroundings: Surroundings): { [name: string]: string } {
  const { credentials, taskRoot, temporary, endpoint, tlsPort, caFile, clock } = surroundings;
  const own = job.variables;
  // In a VPC the name of a service decides whether it is reached: so its clients call it by that name, as in AWS.
  const inVpc = job.caller.position.kind === 'vpc';
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...own,
    _HANDLER: job.handler,
    AWS_REGION: job.region,
    AWS_DEFAULT_REGION: job.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${job.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: job.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: job.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(job.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: job.log.group,
    AWS_LAMBDA_LOG_STREAM_NAME: job.log.stream,
    AWS_LAMBDA_LOG_FORMAT: job.logFormat,
    ...(job.logLevel ? { AWS_LAMBDA_LOG_LEVEL: job.logLevel } : {}),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: RUNTIME,
    TMPDIR: temporary,
    HOME: temporary,
    // What keeps it inside.
    ...(inVpc || own.AWS_ENDPOINT_URL !== undefined ? {} : { AWS_ENDPOINT_URL: endpoint }),
    ...(inVpc ? { _EMULATOR_DIALS: credentials.sessionToken } : {}),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: caFile,
    NODE_OPTIONS: [`--require ${JSON.stringify(GUARD)}`, own.NODE_OPTIONS].filter(Boolean).join(' '),
    _EMULATOR_PORTS: `${new URL(endpoint).port},${tlsPort}`,
    _EMULATOR_SETTINGS: JSON.stringify({
      clock,
      logFormat: job.logFormat,
      logLevel: job.logLevel,
      callbacks: takesCallbacks(job.runtime),
    }),
  };
}

/** Node.js 24's runtime knows async handlers only. */
export function takesCallbacks(runtime: string): boolean {
  return Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 0) < 24;
}
