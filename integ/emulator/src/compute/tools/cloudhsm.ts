import { posix } from 'node:path';
import { DATABASE, installedPackages } from './installed';
import { fileText, missing } from './tool';
import type { Tool, ToolCall, ToolFile, ToolResult } from './tool';
import { ServiceError } from '../../wire/operation';

/** The pseudo-service behind the CloudHSM tools, and its one operation. */
const SERVICE = 'cloudhsm-client';

interface RunOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly files?: ReadonlyArray<{ readonly path: string; readonly mode: number; readonly base64: string }>;
  readonly prompt?: { readonly text: string; readonly echo: boolean };
  readonly chargeMs?: number;
}

const FOLDER = '/opt/cloudhsm/etc';

function componentOf(tool: string): string {
  return tool.replace(/^configure-/, '').replace(/^cloudhsm-cli$/, 'cli');
}

function configurationOf(tool: string): string {
  return `${FOLDER}/cloudhsm-${componentOf(tool)}.cfg`;
}

/** The tool's configuration, the files that it names, and those that the arguments name. */
function readable(call: ToolCall): string[] {
  const configuration = fileText(call, configurationOf(call.tool));
  const named: string[] = [];
  try {
    JSON.parse(configuration ?? 'null', (key, value: unknown) => {
      if (typeof value === 'string' && value.startsWith('/') && /(_file|_path|_cert|_key)$/.test(key) && key !== 'log_file') named.push(value);
      return value;
    });
  } catch {
    // A file that is no JSON names no others; the tool itself says so.
  }
  const arguments_ = call.argv.flatMap((argument, at) => {
    const value = /^--[\w-]+=(.+)$/.exec(argument)?.[1] ?? (call.argv[at - 1]?.startsWith('--') ? argument : undefined);
    const option = /^--([\w-]+)/.exec(argument.startsWith('--') ? argument : call.argv[at - 1] ?? '')?.[1] ?? '';
    return value !== undefined && /(^|-)(file|path|cert|approval|token|key|destination|source)$/.test(option) && !value.startsWith('-')
      ? [posix.resolve(call.cwd, value)]
      : [];
  });
  return [...named, ...arguments_];
}

/** A CloudHSM tool on the instance: what it needs of the instance's files goes along, what it writes comes back. */
const cloudhsmTool: Tool = {
  needs: (call) => {
    const first = missing(call, configurationOf(call.tool), DATABASE);
    return first.length > 0 ? first : missing(call, ...new Set(readable(call)));
  },
  charge: () => 1,
  run: (context, call): ToolResult => {
    if (call.answers.includes(null)) return { exitCode: 1, stderr: `[emulator] ${call.tool} asked for something and there is nobody to answer\n` };
    const files = Object.fromEntries([...call.files].filter(([path, content]) => content !== null && path !== DATABASE)
      .map(([path, content]) => [path, content!.toString('utf8')]));
    const version = installedPackages(call).find(({ name }) => name === `cloudhsm-${componentOf(call.tool)}`)?.version.split('-')[0];
    // A file that is no text would not survive as one.
    const binaries = Object.fromEntries([...call.files]
      .filter(([path, content]) => content !== null && path !== DATABASE && !Buffer.from(content.toString('utf8')).equals(content))
      .map(([path, content]) => [path, content!.toString('base64')]));
    const input = {
      tool: call.tool, argv: call.argv, env: call.env, files, binaries, answers: call.answers as readonly string[], version, cwd: call.cwd,
    };
    let output: RunOutput;
    try {
      const result = context.call<RunOutput>(SERVICE, 'Run', input);
      if ('later' in result) return { exitCode: 70, stderr: `[emulator] ${SERVICE} answers later, which its tools do not wait for\n` };
      output = result;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { exitCode: 1, stderr: `${error.message}\n` };
    }
    const { prompt, chargeMs, exitCode, stdout, stderr } = output;
    if (prompt) return { prompt: prompt.text, echo: prompt.echo, stdout };
    const written: ToolFile[] = (output.files ?? []).map(({ path, mode, base64 }) => ({ path, mode, content: Buffer.from(base64, 'base64') }));
    return { exitCode, stdout, stderr, files: written, chargeMs };
  },
};

export const cloudhsmTools: Readonly<Record<string, Tool>> = Object.fromEntries(
  ['cloudhsm-cli', 'configure-cli', 'configure-pkcs11', 'configure-jce', 'configure-dyn', 'configure-openssl-provider'].map((name) => [name, cloudhsmTool]));
