import type { Protocol } from '../exchange';
import { response } from '../exchange';
import type { FormDialect } from '../form';
import { formTree, readStructure } from '../form';
import { modelledError } from '../modelled-error';
import { XML_DECLARATION, element, namespaceAttribute, textElement, writeMembers } from '../xml-writer';
import { formRequest } from './form-request';

/** Every list is flattened; names are the response's names with a capital, unless the model has one for requests. */
const DIALECT: FormDialect = {
  memberName: (member) => member.queryName ?? (member.locationName ? capitalized(member.locationName) : member.name),
  listSteps: (list) => ['', 'member', list.member.wireName],
  mapSteps: () => ['', 'entry'],
};

/** EC2. */
export const ec2Query: Protocol = {
  name: 'ec2',

  decode(model, http) {
    const { operation, parameters } = formRequest(model, http);
    return { operation, input: operation.input ? readStructure(operation.input, formTree(parameters), DIALECT) : {} };
  },

  encode(model, operation, output, requestId) {
    const content = operation.output ? writeMembers(operation.output, output, `${model.service}.${operation.name}`) : '';
    // Operations without an output of their own answer that they did as they were told.
    const body = textElement('requestId', requestId) + (operation.output ? content : textElement('return', 'true'));
    const namespace = namespaceAttribute({ uri: `http://ec2.amazonaws.com/doc/${model.metadata.apiVersion}/` });
    return response(200, headers(requestId), `${XML_DECLARATION}${element(`${operation.name}Response`, body, namespace)}`);
  },

  encodeError(model, operation, error, requestId) {
    const { code, status } = modelledError(model, operation, error);
    const content = textElement('Code', code) + textElement('Message', error.message);
    const xml = element('Response', element('Errors', element('Error', content)) + textElement('RequestID', requestId));
    return response(status, headers(requestId), XML_DECLARATION + xml);
  },
};

function capitalized(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
}
