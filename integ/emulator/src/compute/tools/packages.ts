import { posix } from 'node:path';
import { componentOf, packageAt, parsePackage } from './catalogue';
import type { CataloguePackage } from './catalogue';
import { DATABASE, databaseFile, installedPackages } from './installed';
import type { InstalledPackage } from './installed';
import { fileText, missing } from './tool';
import type { Tool, ToolAnswer, ToolCall, ToolContext, ToolFile } from './tool';
import type { Way } from '../../access/reach';
import { stubFile } from '../instances/layer';

/** How the tools of the two families speak. */
interface Family {
  readonly format: 'rpm' | 'deb';
  /** Whether names of packages, and addresses, may be given and not only files. */
  readonly resolves: boolean;
  readonly failure: number;
}

const RED_HAT: Family = { format: 'rpm', resolves: true, failure: 1 };
const RPM: Family = { format: 'rpm', resolves: false, failure: 1 };
const DEBIAN: Family = { format: 'deb', resolves: true, failure: 100 };
const DPKG: Family = { format: 'deb', resolves: false, failure: 1 };

interface Plan {
  readonly install?: readonly string[];
  readonly remove?: readonly string[];
  readonly answer?: (context: ToolContext, installed: readonly InstalledPackage[]) => ToolAnswer;
}

function packageTool(family: Family, plan: (call: ToolCall) => Plan): Tool {
  return {
    needs: (call) => missing(call, DATABASE, ...(plan(call).install ?? []).filter(isFile)),
    charge: (context, call) => context.row<number>(plan(call).install || plan(call).remove ? 'charge-install' : 'charge-query'),
    run: (context, call) => {
      const { install, remove, answer } = plan(call);
      if (install) return installAll(context, call, family, install);
      if (remove) return removeAll(context, call, family, remove);
      return answer?.(context, installedPackages(call)) ?? { exitCode: 0 };
    },
  };
}

/** As dnf and apt tell a file from a name: by its ending. */
function isFile(operand: string): boolean {
  return /\.(rpm|deb)$/.test(operand) && !operand.includes('://');
}

function installAll(context: ToolContext, call: ToolCall, family: Family, operands: readonly string[]): ToolAnswer {
  const found: CataloguePackage[] = [];
  for (const operand of operands) {
    const result = resolve(context, call, family, operand);
    if (typeof result === 'string') return { exitCode: family.failure, stderr: result };
    if (result) found.push(result);
  }
  const before = installedPackages(call);
  const fresh = found.filter(({ name, version }) => !before.some((one) => one.name === name && one.version === version));
  if (fresh.length === 0) return { exitCode: 0, stdout: 'Nothing to do.\nComplete!\n' };
  const after = [...before.filter(({ name }) => !fresh.some((one) => one.name === name)), ...fresh];
  return {
    exitCode: 0,
    stdout: `${fresh.map(({ name, version }) => `Installing : ${name} ${version}\n`).join('')}Complete!\n`,
    directories: ['/opt/cloudhsm/bin', '/opt/cloudhsm/etc', '/opt/cloudhsm/run', '/opt/cloudhsm/lib'],
    files: [...fresh.flatMap((one) => filesOf(context, one)), databaseFile(after)],
  };
}

/** The package that an operand means; undefined for one that is there already, text for a refusal. */
function resolve(context: ToolContext, call: ToolCall, family: Family, operand: string): CataloguePackage | string | undefined {
  let found: CataloguePackage | undefined;
  if (isFile(operand)) {
    const content = fileText(call, operand);
    if (content === undefined) return noFile(call.tool, operand);
    found = parsePackage(content);
    if (!found) return `[emulator] ${operand} is no package of the emulator's catalogue: only those can be installed\n`;
  } else if (family.resolves && operand.includes('://')) {
    const url = new URL(operand);
    found = packageAt(context.row, url.pathname.replace(`/${context.row<string>('client-bucket')}`, ''));
    const unreachable = context.unreachable(url.hostname);
    if (unreachable) return notDownloaded(context, call.tool, url, unreachable);
    if (!found) return `[emulator] ${operand} is not in the emulator's catalogue\n`;
  } else {
    const present = context.row<string[]>('packages-present').includes(operand.replace(/[.-](x86_64|aarch64|amd64|arm64)$/, ''));
    return present ? undefined : noSuchName(call.tool, operand);
  }
  if (found.format !== family.format) return `${call.tool}: ${posix.basename(operand)} is not a ${family.format} package\n`;
  return isRightArchitecture(context, found) ? found : wrongArchitecture(call.tool, operand, found);
}

/** A package that is named by its address and cannot be fetched. */
function notDownloaded(context: ToolContext, tool: string, url: URL, { unresolved }: Way): string {
  const file = posix.basename(url.pathname);
  const milliseconds = context.row<number>('package-connect-timeout') * 1000;
  const [code, name, detail] = unresolved
    ? [6, 'Couldn\'t resolve host name', `Could not resolve host: ${url.hostname}`]
    : [28, 'Timeout was reached', `Failed to connect to ${url.hostname} port 443 after ${milliseconds} ms: Timeout was reached`];
  switch (tool) {
    case 'yum': return `Cannot open: ${url.href}. Skipping.\nError: Nothing to do\n`;
    case 'dnf': return `[MIRROR] ${file}: Curl error (${code}): ${name} for ${url.href} [${detail}]\n`
      + `[FAILED] ${file}: No more mirrors to try - All mirrors were already tried without success\nError: Could not open: ${file}\n`;
    default: return `E: Unable to locate package ${url.href}\n`;
  }
}

function isRightArchitecture({ instance }: ToolContext, { format, architecture }: CataloguePackage): boolean {
  const own = instance.architecture === 'arm64' ? { rpm: 'aarch64', deb: 'arm64' } : { rpm: 'x86_64', deb: 'amd64' };
  return own[format] === architecture;
}

function wrongArchitecture(tool: string, operand: string, { name, version, platform, architecture }: CataloguePackage): string {
  switch (tool) {
    case 'rpm': return `error: Failed dependencies:\n\tpackage ${name}-${version}.${platform}.${architecture} is intended for a different architecture\n`;
    case 'dnf': return `Error: \n Problem: conflicting requests\n  - package ${name}-${version}.${platform}.${architecture} from @commandline does not have a compatible architecture\n`;
    case 'yum': return `Cannot add package ${posix.basename(operand)} to transaction. Not a compatible architecture: ${architecture}\nError: Nothing to do\n`;
    default: return `dpkg: error processing archive ${operand} (--install):\n package architecture (${architecture}) does not match system\n`;
  }
}

function noFile(tool: string, operand: string): string {
  switch (tool) {
    case 'rpm': return `error: open of ${operand} failed: No such file or directory\n`;
    case 'dpkg': return `dpkg: error: cannot access archive '${operand}': No such file or directory\n`;
    case 'dnf': return `Can not load RPM file: ${operand}.\nCould not open: ${operand}\n`;
    case 'yum': return `Cannot open: ${operand}. Skipping.\nError: Nothing to do\n`;
    default: return `E: Unsupported file ${operand} given on commandline\n`;
  }
}

function noSuchName(tool: string, operand: string): string {
  if (tool === 'apt-get' || tool === 'apt') return `E: Unable to locate package ${operand} [emulator: not in the catalogue]\n`;
  return `No match for argument: ${operand} [emulator: not in the catalogue]\nError: Unable to find a match: ${operand}\n`;
}

function filesOf(context: ToolContext, { name, version }: CataloguePackage): ToolFile[] {
  const component = componentOf(context.row, name)!;
  const placeholder = `[emulator] this stands for a file of ${name} ${version}; it can be looked for, not loaded\n`;
  return [
    ...component.tools.map((tool) => ({ path: `/opt/cloudhsm/bin/${tool}`, mode: 0o755, content: stubFile(tool) })),
    ...component.files.map((path) => ({ path: path.replace('{version}', version.split('-')[0]), mode: 0o644, content: placeholder })),
  ];
}

function removeAll(context: ToolContext, call: ToolCall, family: Family, names: readonly string[]): ToolAnswer {
  const before = installedPackages(call);
  const gone = before.filter(({ name }) => names.includes(name));
  if (gone.length === 0) {
    return family.resolves
      ? { exitCode: 0, stderr: `No match for argument: ${names.join(' ')}\n`, stdout: 'Nothing to do.\n' }
      : { exitCode: 1, stderr: `error: package ${names[0]} is not installed\n` };
  }
  return {
    exitCode: 0,
    stdout: `${gone.map(({ name }) => `Erasing : ${name}\n`).join('')}Complete!\n`,
    removals: gone.flatMap(({ name }) => (componentOf(context.row, name)?.tools ?? []).map((tool) => `/opt/cloudhsm/bin/${tool}`)),
    files: [databaseFile(before.filter((one) => !gone.includes(one)))],
  };
}

/** dnf and yum: a verb and operands between options. */
function redHatPlan({ argv }: ToolCall): Plan {
  const [verb, ...operands] = argv.filter((argument) => !argument.startsWith('-'));
  switch (verb) {
    case 'install':
    case 'localinstall':
    case 'reinstall': return { install: operands };
    case 'remove':
    case 'erase': return { remove: operands };
    case 'list': return {
      answer: (_, installed) => {
        const names = operands.filter((operand) => operand !== 'installed');
        const shown = installed.filter(({ name }) => names.length === 0 || names.includes(name));
        const found = shown.length > 0 || names.length === 0;
        const lines = shown.map(({ name, version, architecture }) => `${name}.${architecture}  ${version}  @commandline\n`);
        return { exitCode: found ? 0 : 1, stdout: found ? `Installed Packages\n${lines.join('')}` : '', stderr: found ? '' : 'Error: No matching Packages to list\n' };
      },
    };
    default: return {};
  }
}

function rpmPlan({ argv }: ToolCall): Plan {
  const flags = argv.filter((argument) => /^-[A-Za-z]/.test(argument)).join('');
  const operands = argv.filter((argument) => !argument.startsWith('-'));
  if (argv.includes('--install') || argv.includes('--upgrade') || (/[iUF]/.test(flags) && !flags.includes('q'))) return { install: operands };
  if (argv.includes('--erase') || flags.includes('e')) return { remove: operands };
  if (argv.includes('-E') || argv.includes('--eval')) {
    return { answer: ({ instance }) => ({ exitCode: 0, stdout: operands[0] === '%{_arch}' ? `${instance.architecture === 'arm64' ? 'aarch64' : 'x86_64'}\n` : `${operands[0]}\n` }) };
  }
  if (flags.includes('q') || argv.includes('--query')) {
    return {
      answer: (context, installed) => {
        if (flags.includes('a') && operands.length === 0) return { exitCode: 0, stdout: installed.map(nevra).join('') };
        const lines = operands.map((name) => {
          const found = installed.find((one) => one.name === name);
          if (found) return nevra(found);
          return context.row<string[]>('packages-present').includes(name) ? `${name}-1.0-1.${context.instance.platform}\n` : `package ${name} is not installed\n`;
        });
        return { exitCode: lines.filter((line) => line.endsWith('is not installed\n')).length, stdout: lines.join('') };
      },
    };
  }
  return {};
}

function nevra({ name, version, platform, architecture }: InstalledPackage): string {
  return `${name}-${version}.${platform}.${architecture}\n`;
}

function aptPlan({ argv }: ToolCall): Plan {
  const [verb, ...operands] = argv.filter((argument) => !argument.startsWith('-'));
  if (verb === 'install' || verb === 'reinstall') return { install: operands };
  if (verb === 'remove' || verb === 'purge') return { remove: operands };
  return {};
}

function dpkgPlan({ argv }: ToolCall): Plan {
  const operands = argv.filter((argument) => !argument.startsWith('-'));
  if (argv.includes('-i') || argv.includes('--install')) return { install: operands };
  if (argv.includes('-r') || argv.includes('--remove') || argv.includes('-P') || argv.includes('--purge')) return { remove: operands };
  if (argv.includes('--print-architecture')) {
    return { answer: ({ instance }) => ({ exitCode: 0, stdout: `${instance.architecture === 'arm64' ? 'arm64' : 'amd64'}\n` }) };
  }
  if (argv.includes('-s') || argv.includes('--status') || argv.includes('-l') || argv.includes('--list')) {
    return {
      answer: (_, installed) => {
        const found = installed.find(({ name }) => name === operands[0]);
        if (!found) return { exitCode: 1, stderr: `dpkg-query: package '${operands[0]}' is not installed and no information is available\n` };
        return { exitCode: 0, stdout: `Package: ${found.name}\nStatus: install ok installed\nArchitecture: ${found.architecture}\nVersion: ${found.version}\n` };
      },
    };
  }
  return {};
}

export const packageTools: Readonly<Record<string, Tool>> = {
  'dnf': packageTool(RED_HAT, redHatPlan),
  'yum': packageTool(RED_HAT, redHatPlan),
  'rpm': packageTool(RPM, rpmPlan),
  'apt-get': packageTool(DEBIAN, aptPlan),
  'apt': packageTool(DEBIAN, aptPlan),
  'dpkg': packageTool(DPKG, dpkgPlan),
};

