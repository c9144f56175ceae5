import type { Context, Output } from '../../../wire/operation';
import { refusal } from '../text';

/** There are none; who asks for one by name or id is told so by an error. */
export function describeCustomKeyStores(
  context: Context,
  input: { readonly CustomKeyStoreId?: string; readonly CustomKeyStoreName?: string },
): Output {
  const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
  if (id !== undefined && name !== undefined) throw refusal(context, 'ValidationException', 'text-id-and-name');
  const asked = id ?? name;
  if (asked !== undefined) throw refusal(context, 'CustomKeyStoreNotFoundException', 'text-no-key-store', { id: asked });
  return { CustomKeyStores: [], Truncated: false };
}
