import { keyStoreLab } from './key-store-lab';
import { buildReport } from '../../src/report/report';

test.each(['default', 'other'])('the report shows stores and keys as they are, page by page (%s)', async (variant) => {
  const lab = await keyStoreLab({ variants: [variant] });
  const id = await lab.connectedStore();
  const { KeyId } = lab.createKey(id);
  const report = () => buildReport({ kernel: lab.kernel, calls: lab.calls, notBuilt: new Set(), since: { entry: 0, at: 0 } });
  const stores = lab.kernel.store.table<{ state: string }>('kms/key-stores@123456789012/us-east-1');
  lab.kernel.store.transaction(() => ['x', 'y'].forEach((name) => stores.put(`cks-${name}`, { ...stores.get(id)!, id: `cks-${name}`, name } as { state: string })));

  expect(report().keyStores).toMatchObject([{ keyStoreId: id, name: 'store', clusterId: lab.clusterId, connectionState: 'CONNECTED' }, { name: 'x' }, { name: 'y' }]);
  expect(report().keys).toEqual([{ keyId: KeyId, state: 'Enabled', origin: 'AWS_CLOUDHSM', keyStoreId: id }]);
  await lab.disconnect(id);
  expect(report().keys).toMatchObject([{ state: 'Unavailable' }]);
  lab.stop();
});
