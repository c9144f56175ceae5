import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelDocument } from '../../src/wire/model-document';
import { differences } from '../../tools/differences';

const text = readFileSync(join(__dirname, '../../models/cloudhsmv2.json'), 'utf8');
const model = (change: (text: string) => string = (same) => same): ModelDocument => JSON.parse(change(text)) as ModelDocument;

test('a model is no different from itself', () => {
  expect(differences(model(), model())).toEqual([]);
});

test.each([
  ['a member', '"IpV6Address":{"type":"string","max":100}', '"IpV6Address":{"type":"string","max":45}', ['IpV6Address max: 100 is now 45']],
  ['a value', '"enum":["FIPS","NON_FIPS"]', '"enum":["FIPS","NON_FIPS","OTHER"]', ['ClusterMode enum: new OTHER']],
  ['a required member', '"required":["ClusterId","AvailabilityZone"]', '"required":["ClusterId"]', ['CreateHsmRequest required: no AvailabilityZone any more']],
  ['an input', '"EniIp":"IpAddress"}},\n"DeleteHsmResponse"', '"EniIp":"IpAddress","Force":"Boolean"}},\n"DeleteHsmResponse"', [
    'new member of DeleteHsmRequest: Force',
  ]],
  ['a use', '"EniIp":"IpAddress"}},\n"DeleteHsmResponse"', '"EniIp":"String"}},\n"DeleteHsmResponse"', [
    'DeleteHsmRequest.EniIp: "IpAddress" is now "String"',
  ]],
  ['an operation', '"notKept":{}', '"notKept":{"RotateCluster":""}', ['new operation RotateCluster']],
])('%s that changed is told', (_title, before, after, expected) => {
  expect(text).toContain(before);
  expect(differences(model(), model((whole) => whole.replace(before, after)))).toEqual(expected);
});
