import type { HttpRequest, QueryParameters } from '../http';
import { parseQuery } from '../http';
import type { OperationModel, ServiceModel } from '../model';
import { ServiceError } from '../operation';
import { unknownOperation } from '../unknown-operation';

/** What the two query protocols have in common: an operation named by Action in a form, or in the query of a GET. */
export function formRequest(model: ServiceModel, http: HttpRequest): { operation: OperationModel; parameters: QueryParameters } {
  const parameters = parseQuery(http.body.length > 0 ? http.body.toString('utf8') : http.rawQuery);
  const action = parameters.get('Action')?.[0];
  if (!action) throw new ServiceError('MissingAction', 'The request must contain the parameter Action', { status: 400 });
  const operation = model.operations.get(action);
  if (!operation) throw unknownOperation(model, action);
  return { operation, parameters };
}
