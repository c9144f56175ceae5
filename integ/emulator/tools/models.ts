/**
 * `npm run models`: writes models/<service>.json from the newest botocore that can be had.
 *
 *   --check         says what AWS has more or otherwise by now; writes nothing and never fails
 *   --wheel FILE    takes this wheel instead of downloading one
 */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from './differences';
import { distil, printModel } from './distil';
import { SELECTION } from './operations';
import { downloadWheel, readWheel } from './wheel';
import type { Wheel } from './wheel';
import type { ModelDocument, ModelIndexDocument, ModelIndexEntry } from '../src/wire/model-document';

const MODELS = join(__dirname, '..', 'models');

function main(args: readonly string[]): void {
  const wheelAt = args.indexOf('--wheel');
  const open = (): Wheel => (wheelAt < 0 ? downloadWheel() : readWheel(args[wheelAt + 1]));
  if (args.includes('--check')) check(open);
  else write(open());
}

function write(wheel: Wheel): void {
  const services: Record<string, ModelIndexEntry> = {};
  for (const [service, selection] of Object.entries(SELECTION)) {
    const model = distil(service, selection, wheel);
    writeFileSync(join(MODELS, `${service}.json`), printModel(model));
    services[service] = indexEntry(model);
  }
  for (const file of modelFiles()) if (!SELECTION[file.replace('.json', '')]) rmSync(join(MODELS, file));
  const index: ModelIndexDocument = { botocore: wheel.version, services };
  const lines = Object.entries(services).map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  writeFileSync(join(MODELS, 'index.json'), `{"botocore":${JSON.stringify(index.botocore)},"services":{\n${lines.join(',\n')}\n}}\n`);
  const operations = Object.values(services).reduce((sum, entry) => sum + entry.operations, 0);
  console.log(`botocore ${wheel.version}: ${lines.length} services, ${operations} operations`);
}

function indexEntry(model: ModelDocument): ModelIndexEntry {
  const { endpointPrefix, signingName, targetPrefix, apiVersion, protocols, globalEndpoint } = model.metadata;
  return {
    endpointPrefix,
    signingName: signingName ?? endpointPrefix,
    ...(targetPrefix ? { targetPrefix } : {}),
    apiVersion,
    protocols,
    // S3 and STS have a global host name too, but their answers depend on the region.
    ...(globalEndpoint && model.service === 'iam' ? { global: true } : {}),
    operations: Object.keys(model.operations).length,
  };
}

/** A report, not a gate: that AWS has moved on is no fault of the commit under test. */
function check(open: () => Wheel): void {
  try {
    const wheel = open();
    const changes = Object.entries(SELECTION).flatMap(([service, selection]) => {
      const now = JSON.parse(readFileSync(join(MODELS, `${service}.json`), 'utf8')) as ModelDocument;
      return differences(now, distil(service, selection, wheel)).map((difference) => `  ${service}: ${difference}`);
    });
    const { botocore } = JSON.parse(readFileSync(join(MODELS, 'index.json'), 'utf8')) as ModelIndexDocument;
    const verdict = changes.length === 0 ? 'nothing changed' : ['', ...changes].join('\n');
    console.log(`models are from botocore ${botocore}, the newest is ${wheel.version}: ${verdict}`);
  } catch (error) {
    console.log(`models could not be compared: ${(error as Error).message}`);
  }
}

function modelFiles(): string[] {
  const notServices = new Set(['index.json', 'cfn-types.json']);
  return readdirSync(MODELS).filter((file) => file.endsWith('.json') && !notServices.has(file));
}

main(process.argv.slice(2));
