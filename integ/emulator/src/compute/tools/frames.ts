import type { HostProgram, Prompt, ToolAnswer, ToolCall } from './tool';
import { ServiceError } from '../../wire/operation';

/**
 * What passes between a stub and the door. The stub is bash, so both directions are made of what bash does fast:
 *
 * request: `<kind> <length>\n<bytes>\n` …, kinds `arg`, `env`, `cwd`, `file` (path, in the next frame its content: `text`,
 * `base64` or `none`), `answer`, `noanswer`.
 * answer: one line per thing to do, `<kind> <fields>`; text is escaped for `printf %b`.
 */
export function parseCall(tool: string, body: Buffer): ToolCall {
  const argv: string[] = [];
  const env: Record<string, string> = {};
  const files = new Map<string, Buffer | null>();
  const answers: Array<string | null> = [];
  let cwd = '/';
  let path = '';
  for (const [kind, content] of frames(body)) {
    const text = content.toString('utf8');
    switch (kind) {
      case 'arg': argv.push(text); break;
      case 'env': env[text.slice(0, text.indexOf('='))] = text.slice(text.indexOf('=') + 1); break;
      case 'cwd': cwd = text; break;
      case 'file': path = text; break;
      case 'text': files.set(path, Buffer.from(content)); break;
      case 'base64': files.set(path, Buffer.from(text, 'base64')); break;
      case 'none': files.set(path, null); break;
      case 'answer': answers.push(text); break;
      case 'noanswer': answers.push(null); break;
      default: throw new ServiceError('BadFrame', `[emulator] a tool sent a frame of kind ${kind}`);
    }
  }
  return { tool, argv, cwd, env, files, answers };
}

function* frames(body: Buffer): Generator<[string, Buffer]> {
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf(10, at);
    const [kind, length] = body.subarray(at, end).toString('latin1').split(' ');
    const from = end + 1;
    const to = from + Number(length);
    if (end < 0 || !(to <= body.length)) throw new ServiceError('BadFrame', '[emulator] a tool sent a torn frame');
    yield [kind, body.subarray(from, to)];
    at = to + 1;
  }
}

export function printNeeds(paths: readonly string[]): string {
  return paths.map((path) => `need ${escape(path)}\n`).join('');
}

/** @param fromPipe whether the answer may be read from standard input when there is no terminal */
export function printPrompt({ prompt, echo, stdout }: Prompt, fromPipe: boolean): string {
  return `${stdout ? `out ${escape(stdout)}\n` : ''}ask ${echo ? 1 : 0} ${fromPipe ? 1 : 0} ${escape(prompt)}\n`;
}

export function printHostProgram({ program, argv }: HostProgram): string {
  return `${argv.map((argument) => `arg ${escape(argument)}\n`).join('')}host ${escape(program)}\n`;
}

export function printAnswer(answer: ToolAnswer): string {
  const lines: string[] = [];
  for (const directory of answer.directories ?? []) lines.push(`dir ${escape(directory)}`);
  for (const { path, mode, content } of answer.files ?? []) {
    lines.push(`put ${mode.toString(8)} ${escape(path)} ${Buffer.from(content).toString('base64')}`);
  }
  for (const path of answer.removals ?? []) lines.push(`del ${escape(path)}`);
  if (answer.stdout?.length) lines.push(`out ${escape(answer.stdout)}`);
  if (answer.stderr?.length) lines.push(`err ${escape(answer.stderr)}`);
  return `${lines.map((line) => `${line}\n`).join('')}exit ${answer.exitCode}\n`;
}

/** Text as `printf %b` takes it, without blanks: fields are parted by them. */
function escape(text: Buffer | string): string {
  const bytes = Buffer.from(text);
  let escaped = '';
  for (const byte of bytes) {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x5c;
    escaped += plain ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return escaped;
}
