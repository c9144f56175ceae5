import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { lifecycleOf } from '../../src/handlers/lifecycles';

const CONTRACTS = join(__dirname, '..', '..', 'src', 'lifecycle');

test('every resource type that has a contract has a lifecycle', () => {
  const types = readdirSync(CONTRACTS).filter((file) => file.endsWith('-contract.ts'))
    .flatMap((file) => [...readFileSync(join(CONTRACTS, file), 'utf8').matchAll(/_TYPE = '(Custom::\w+)'/g)].map(([, type]) => type));

  expect(types.map((type) => lifecycleOf(type).type)).toEqual(types);
});

test('another type is refused, by name', () => {
  expect(() => lifecycleOf('Custom::Other')).toThrow(/^Custom::Other is not one of Custom::CloudHSMPlacement, /);
});
