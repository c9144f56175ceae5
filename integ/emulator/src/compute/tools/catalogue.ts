import { createHash } from 'node:crypto';

/** Reads a row of `tables/instances.json`. */
export type Rows = <T>(id: string) => T;

/** A file of the emulated download site. */
export interface CataloguePackage {
  readonly name: string;
  /** `5.18.0-1`. */
  readonly version: string;
  /** `amzn2023`, `el9`, `u24.04`, … */
  readonly platform: string;
  /** As the package's format spells it: `x86_64` and `aarch64`, or `amd64` and `arm64`. */
  readonly architecture: string;
  readonly format: 'rpm' | 'deb';
}

interface Component {
  readonly name: string;
  readonly tools: readonly string[];
  readonly files: readonly string[];
}

const HEAD = 'CLOUDHSM-EMULATOR-PACKAGE 1';

/** The package behind an address on the download site; undefined when AWS has none there. */
export function packageAt(rows: Rows, path: string): CataloguePackage | undefined {
  const [, folder, file] = /^\/CloudHsmClient\/([A-Za-z0-9]+)\/([^/]+)$/.exec(path) ?? [];
  if (file === undefined) return undefined;
  const platform = rows<Record<string, string>>('client-folders')[folder];
  const found = parseFileName(file);
  if (!found || found.platform !== platform) return undefined;
  const version = found.version === 'latest' ? rows<string>('client-latest') : found.version;
  const exists = rows<string[]>('client-versions').includes(version)
    && rows<Component[]>('client-packages').some(({ name }) => name === found.name)
    && !rows<Record<string, string[]>>('client-not-on')[found.name]?.includes(platform);
  return exists ? { ...found, version } : undefined;
}

/** `cloudhsm-cli-5.18.0-1.amzn2023.x86_64.rpm`, `cloudhsm-cli_latest_u24.04_amd64.deb`. */
function parseFileName(file: string): CataloguePackage | undefined {
  const rpm = /^([a-z0-9-]+?)-(latest|\d[\w.]*-\d+)\.([a-z0-9]+)\.(x86_64|aarch64)\.rpm$/.exec(file);
  if (rpm) return { name: rpm[1], version: rpm[2], platform: rpm[3], architecture: rpm[4], format: 'rpm' };
  const deb = /^([a-z0-9-]+)_(latest|\d[\w.]*-\d+)_(u[\d.]+)_(amd64|arm64)\.deb$/.exec(file);
  return deb ? { name: deb[1], version: deb[2], platform: deb[3], architecture: deb[4], format: 'deb' } : undefined;
}

function fileNameOf({ name, version, platform, architecture, format }: CataloguePackage): string {
  return format === 'rpm' ? `${name}-${version}.${platform}.${architecture}.rpm` : `${name}_${version}_${platform}_${architecture}.deb`;
}

/** What stands in an emulated package: enough to be recognised by the package tools, wherever it was copied to. */
export function contentOf({ name, version, platform, architecture, format }: CataloguePackage): string {
  return `${HEAD}\nname: ${name}\nversion: ${version}\nplatform: ${platform}\narchitecture: ${architecture}\nformat: ${format}\n`;
}

export function parsePackage(content: string): CataloguePackage | undefined {
  if (!content.startsWith(`${HEAD}\n`)) return undefined;
  const fields = Object.fromEntries(content.trim().split('\n').slice(1).map((line) => line.split(': ')));
  const found = fields as unknown as CataloguePackage;
  return content === contentOf(found) ? found : undefined;
}

export function componentOf(rows: Rows, name: string): Component | undefined {
  return rows<Component[]>('client-packages').find((component) => component.name === name);
}

/** Lines for the sha256sum stub: the sum that a package's content really has, and the one AWS publishes for the package. */
export function publishedSums(rows: Rows): string {
  return Object.entries(rows<Record<string, string>>('published-sums')).map(([file, published]) => {
    const found = parseFileName(file);
    if (!found || fileNameOf(found) !== file) throw new Error(`[emulator] published-sums: ${file} is no package`);
    return `${createHash('sha256').update(contentOf(found)).digest('hex')} ${published}\n`;
  }).join('');
}
